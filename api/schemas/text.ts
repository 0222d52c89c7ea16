import { Type } from '@sinclair/typebox';

/**
 * No control characters: Postgres stores no NUL, mail headers and labels misread the rest. And nothing that turns the direction of what
 * stands beside it, which makes people read what was not written.
 */
const PRINTABLE = '[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*';

/** A format and no pattern, because many readers of OpenAPI have no word for half a character. */
export const STRING_FORMATS = { 'well-formed': /^\P{Surrogate}*$/u };
const text = (maxLength: number, pattern: string) =>
  Type.String({ minLength: 1, maxLength, pattern, format: 'well-formed' });

/** One line of text. */
export const line = (maxLength: number) => text(maxLength, `^${PRINTABLE}$`);

/** One line that says something. */
export const sentence = (maxLength: number) => text(maxLength, `^(?=.*\\S)${PRINTABLE}$`);

/** An id in a path, ours or what somebody took for one: what no id looks like never reaches a query. */
export const pathId = (maxLength = 64) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_.:-]+$' });
