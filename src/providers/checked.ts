import type { Static, TSchema } from '@sinclair/typebox';
import { Value, ValueErrorType } from '@sinclair/typebox/value';
import type { ValueError } from '@sinclair/typebox/value';
import { HOW_TO_NAME_A_SECRET } from './secrets';

/** The value, if it is as the schema says; otherwise a sentence for each place where it is not. */
export function checked<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  at: string,
  mistakes: string[],
): Static<Schema> | undefined {
  if (Value.Check(schema, value)) return value;
  // The first of a place is the most telling one.
  const byPlace = new Map<string, string>();
  for (const error of Value.Errors(schema, value)) {
    const place = [at, ...error.path.split('/').slice(1)].filter((part) => part !== '').join('.');
    if (!byPlace.has(place)) byPlace.set(place, sentenceOf(error));
  }
  mistakes.push(...[...byPlace].map(([place, says]) => `${place || 'the file'}: ${says}`));
  return undefined;
}

function sentenceOf({ type, schema, message }: ValueError): string {
  const wanted = typeof schema['says'] === 'string' ? schema['says'] : undefined;
  if (type === ValueErrorType.ObjectAdditionalProperties) return `is not known here; ${knownIn(schema)}`;
  if (type !== ValueErrorType.ObjectRequiredProperty)
    return wanted === undefined ? lowerFirst(message) : `must be ${wanted}`;
  if (schema['secret'] === true) return `is missing: ${HOW_TO_NAME_A_SECRET}`;
  return wanted === undefined ? 'is missing' : `is missing; it must be ${wanted}`;
}

/** Of an object with names of its users' own, `names` says what they may be. */
const knownIn = (schema: TSchema): string =>
  typeof schema['names'] === 'string'
    ? `a name is ${schema['names']}`
    : `it may be ${Object.keys((schema['properties'] ?? {}) as object).join(', ')}`;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
