import { InvalidParameter } from './api-error';
import type { Field, Fields } from './form';

/** Reads one parameter, or throws what Stripe answers to a wrong one. */
type Check<T> = (value: Field, name: string) => T;
export type Spec = Readonly<Record<string, Check<unknown>>>;
export type Parameters<S extends Spec> = { readonly [N in keyof S]?: ReturnType<S[N]> };

/** Refuses every parameter that is not in `spec`: what this fake would ignore, Stripe might not. */
export function readParameters<S extends Spec>(spec: S, fields: Fields, prefix = ''): Parameters<S> {
  const named = (name: string) => (prefix === '' ? name : `${prefix}[${name}]`);
  const read = Object.entries(fields).map(([name, value]) => {
    const check = Object.hasOwn(spec, name) ? spec[name] : undefined;
    if (check === undefined)
      throw new InvalidParameter(`Received unknown parameter: ${named(name)}`, named(name), 'parameter_unknown');
    return [name, check(value, named(name))] as const;
  });
  return Object.fromEntries(read) as Parameters<S>;
}

export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new InvalidParameter(`Missing required param: ${name}.`, name, 'parameter_missing');
  return value;
}

export const text: Check<string> = (value, name) => {
  if (typeof value !== 'string') throw new InvalidParameter(`Invalid string: ${name}`, name);
  if (value === '')
    throw new InvalidParameter(`You passed an empty string for '${name}'.`, name, 'parameter_invalid_empty');
  return value;
};

export const positive: Check<number> = (value, name) => {
  const digits = text(value, name);
  if (!/^-?\d+$/.test(digits))
    throw new InvalidParameter(`Invalid integer: ${digits}`, name, 'parameter_invalid_integer');
  if (Number(digits) < 1)
    throw new InvalidParameter('This value must be greater than or equal to 1.', name, 'parameter_invalid_integer');
  return Number(digits);
};

/** Stripe takes no more than eight digits. */
const MOST = 99_999_999;
export const amount: Check<number> = (value, name) => {
  const minor = positive(value, name);
  if (minor > MOST) throw new InvalidParameter('Amount must be no more than 99999999.', name, 'amount_too_large');
  return minor;
};

/** Of what Stripe publishes, the currencies that tests use: minor units. */
const LEAST: Readonly<Record<string, number>> = { chf: 50, eur: 50, gbp: 30, jpy: 50, usd: 50 };
export function mustBeEnough(minor: number, code: string): void {
  const least = LEAST[code] ?? 1;
  if (minor < least)
    throw new InvalidParameter(`Amount must be at least ${least} ${code}`, 'amount', 'amount_too_small');
}

export const bool: Check<boolean> = (value, name) => {
  if (value !== 'true' && value !== 'false') throw new InvalidParameter(`Invalid boolean: ${name}`, name);
  return value === 'true';
};

export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Check<T> =>
  (value, name) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new InvalidParameter(`Invalid ${name}: must be one of ${allowed.join(', ')}`, name);
    return found;
  };

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));
export const currency: Check<string> = (value, name) => {
  const code = text(value, name);
  if (!CURRENCIES.has(code)) throw new InvalidParameter(`Invalid currency: ${code}.`, name);
  return code;
};

export const hash =
  <S extends Spec>(spec: S): Check<Parameters<S>> =>
  (value, name) => {
    if (typeof value === 'string') throw new InvalidParameter(`Invalid hash: ${name}`, name);
    return readParameters(spec, value, name);
  };

export const list =
  <T>(item: Check<T>): Check<T[]> =>
  (value, name) => {
    if (typeof value === 'string') throw new InvalidParameter(`Invalid array: ${name}`, name);
    return Object.entries(value).map(([index, one]) => item(one, `${name}[${index}]`));
  };

const MOST_KEYS = 50;
const LONGEST_KEY = 40;
const LONGEST_VALUE = 500;
export const metadata: Check<Record<string, string>> = (value, name) => {
  if (typeof value === 'string') throw new InvalidParameter(`Invalid hash: ${name}`, name);
  const entries = Object.entries(value).map(([key, one]) => [key, text(one, `${name}[${key}]`)] as const);
  if (entries.length > MOST_KEYS) throw new InvalidParameter('Metadata can have at most 50 keys.', name);
  if (entries.some(([key]) => key.length > LONGEST_KEY))
    throw new InvalidParameter('Metadata keys can be up to 40 characters long.', name);
  if (entries.some(([, one]) => one.length > LONGEST_VALUE))
    throw new InvalidParameter('Metadata values can have up to 500 characters.', name);
  return Object.fromEntries(entries);
};
