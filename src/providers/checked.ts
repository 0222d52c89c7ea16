import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

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
  for (const { path, message, schema: broken } of Value.Errors(schema, value)) {
    const place = [at, ...path.split('/').slice(1)].filter((part) => part !== '').join('.');
    const says = typeof broken['says'] === 'string' ? `must be ${broken['says']}` : lowerFirst(message);
    if (!byPlace.has(place)) byPlace.set(place, says);
  }
  mistakes.push(...[...byPlace].map(([place, says]) => `${place || 'the file'}: ${says}`));
  return undefined;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
