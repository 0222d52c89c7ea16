import { CURRENCY_EXPONENTS } from './currencies';

/** An amount in the currency's minor unit (cents, yen, fils). Never a float. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** Amounts travel as JSON integers; beyond this (2^53 - 1) they would lose precision. */
export const LARGEST_MINOR = BigInt(Number.MAX_SAFE_INTEGER);

/** The sum of two amounts of one currency. */
export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new Error(`Cannot add ${b.currency} to ${a.currency}`);
  return { minor: a.minor + b.minor, currency: a.currency };
}

export const times = (unit: Money, quantity: number): Money => ({
  minor: unit.minor * BigInt(quantity),
  currency: unit.currency,
});

/** The amount as a JSON integer; throws rather than rounds. */
export function toMinorNumber({ minor, currency }: Money): number {
  if (minor > LARGEST_MINOR || minor < -LARGEST_MINOR)
    throw new Error(`${minor} ${currency} is not an exact JSON number`);
  return Number(minor);
}

/** For people: `USD 30.00`, `JPY 3000`, `KWD 3.000`. */
export function format({ minor, currency }: Money): string {
  const exponent = CURRENCY_EXPONENTS[currency];
  if (exponent === undefined) throw new Error(`${currency} is not an ISO 4217 currency`);
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return `${currency} ${sign}${whole}${exponent > 0 ? `.${digits.slice(-exponent)}` : ''}`;
}
