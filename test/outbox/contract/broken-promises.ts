import { isDeepStrictEqual } from 'node:util';

/** The part of JSON Schema that we use. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

/** Keywords that inform people and constrain no event. */
const WORDS = ['$id', '$schema', 'title', 'description', 'examples'];
/** Keywords with rules of their own below. */
const LOOKED_INTO = ['properties', 'required', 'items', 'enum'];

/**
 * What a consumer of the released events could no longer rely on. Strict in both directions, because the log still holds old events and
 * there are still old consumers: a schema may gain events, optional fields and enumeration values. Anything else is a broken promise, and
 * so is any keyword that is not known here.
 */
export const brokenPromises = (
  released: Readonly<Record<string, Schema>>,
  current: Readonly<Record<string, Schema>>,
): string[] => Object.entries(released).flatMap(([type, schema]) => compare(type, schema, current[type]));

function compare(at: string, before: Schema, after: Schema | undefined): string[] {
  if (after === undefined) return [`${at} is gone`];
  return [
    ...keywords(before, after).map((keyword) => `${at}: ${keyword} is another`),
    ...missing(before.enum, after.enum).map((value) => `${at} is never ${value} any more`),
    ...missing(before.required, after.required).map((field) => `${at}.${field} may be missing`),
    ...missing(after.required, before.required).map((field) => `${at}.${field} is required and was not`),
    ...Object.entries(before.properties ?? {}).flatMap(([field, schema]) =>
      compare(`${at}.${field}`, schema, after.properties?.[field]),
    ),
    ...(before.items ? compare(`${at}[]`, before.items, after.items) : []),
  ];
}

/** Keywords whose values differ; of those with rules of their own, the ones that only one side has. */
function keywords(before: Schema, after: Schema): string[] {
  const all = new Set([...Object.keys(before), ...Object.keys(after)].filter((keyword) => !WORDS.includes(keyword)));
  return [...all].filter((keyword) =>
    LOOKED_INTO.includes(keyword)
      ? keyword !== 'required' && (before[keyword] === undefined) !== (after[keyword] === undefined)
      : !isDeepStrictEqual(before[keyword], after[keyword]),
  );
}

const missing = (from: readonly unknown[] = [], there: readonly unknown[] = []): string[] =>
  from.filter((value) => !there.includes(value)).map(String);
