import { InvalidParameter } from './api-error';

/** A parameter as it came: text, or named parts (`metadata[key]`, `expand[0]`). */
export type Field = string | { readonly [part: string]: Field };
export type Fields = Readonly<Record<string, Field>>;

const NAME = /^[^[\]]+/;
const PART = /\[([^[\]]*)\]/g;

/** Reads `a=1&b[c]=2&d[0]=3`, as Stripe's libraries write it. */
export function readForm(text: string): Fields {
  const fields: Record<string, Field> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = [NAME.exec(name)?.[0] ?? name, ...[...name.matchAll(PART)].map((part) => part[1] ?? '')];
    put(fields, path, value, name);
  }
  return fields;
}

function put(fields: Record<string, Field>, [first = '', ...rest]: string[], value: string, name: string): void {
  const before = Object.hasOwn(fields, first) ? fields[first] : undefined;
  if (rest.length === 0) {
    if (before !== undefined) throw new InvalidParameter(`Parameter given twice: ${name}`, name);
    return void define(fields, first, value);
  }
  if (typeof before === 'string') throw new InvalidParameter(`Invalid hash: ${name}`, name);
  const parts = { ...before };
  put(parts, rest, value, name);
  define(fields, first, parts);
}

/** Also a name such as `__proto__` is only a name. */
const define = (fields: Record<string, Field>, name: string, value: Field): void =>
  void Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
