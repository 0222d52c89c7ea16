import { Type } from '@sinclair/typebox';

/**
 * No control characters: Postgres stores no NUL, and mail headers and labels misread the rest. And no direction marks, which make people read
 * something other than what was written.
 */
const PRINTABLE = '[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*';

/** A format, not a pattern: many OpenAPI tools cannot express a lone surrogate. */
export const STRING_FORMATS = { 'well-formed': /^\P{Surrogate}*$/u };
const text = (maxLength: number, pattern: string) =>
  Type.String({ minLength: 1, maxLength, pattern, format: 'well-formed' });

/** One line of text. */
export const line = (maxLength: number) => text(maxLength, `^${PRINTABLE}$`);

/** One line that is not blank. */
export const sentence = (maxLength: number) => text(maxLength, `^(?=.*\\S)${PRINTABLE}$`);

/** An id in a path. Text that cannot be an id never reaches a query. */
export const pathId = (maxLength = 64) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_.:-]+$' });
