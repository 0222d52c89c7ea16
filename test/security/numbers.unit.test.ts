import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CURRENCY_EXPONENTS } from '../../src/domain/currencies';
import { add, format, LARGEST_MINOR, times, toMinorNumber } from '../../src/domain/money';
import type { Money } from '../../src/domain/money';

const CASES = { numRuns: 10_000 };

const currency = fc.constantFrom('USD', 'JPY', 'KWD');
const price = fc.bigInt({ min: 1n, max: LARGEST_MINOR });
const lines = fc.array(fc.tuple(price, fc.integer({ min: 1, max: 1_000_000 })), { minLength: 1, maxLength: 100 });

test('quantity × price is exact, or refuses to become a JSON number', () => {
  fc.assert(
    fc.property(lines, currency, (cart, of) => {
      const total = cart
        .map(([minor, quantity]) => times({ minor, currency: of }, quantity))
        .reduce(add, { minor: 0n, currency: of });

      const exact = cart.reduce((sum, [minor, quantity]) => sum + minor * BigInt(quantity), 0n);
      expect(total).toEqual({ minor: exact, currency: of });
      if (exact > LARGEST_MINOR) expect(() => toMinorNumber(total)).toThrow('not an exact JSON number');
      else expect(BigInt(toMinorNumber(total))).toBe(exact);
    }),
    CASES,
  );
});

test('formats any amount with the digits of its currency', () => {
  fc.assert(
    fc.property(price, currency, (minor, of) => {
      const money: Money = { minor, currency: of };
      const [, whole = '', fraction = ''] = /^[A-Z]{3} ([0-9]+)(?:\.([0-9]+))?$/.exec(format(money)) ?? [];

      expect(fraction).toHaveLength(CURRENCY_EXPONENTS[of] ?? NaN);
      expect(BigInt(whole + fraction)).toBe(minor);
    }),
    CASES,
  );
});
