import { expect, test } from '@jest/globals';
import { inStripeUnits } from '../../../src/adapters/stripe/stripe-units';
import { CURRENCIES, CURRENCY_EXPONENTS } from '../../../src/domain/currencies';

test.each([
  ['EUR', 1_099n, 1_099],
  ['JPY', 500n, 500],
  // Payouts in these have no decimals; charges have.
  ['HUF', 1_045n, 1_045],
  ['TWD', 80_045n, 80_045],
  // Without decimals, and written with two.
  ['ISK', 5n, 500],
  ['UGX', 5n, 500],
  // With decimals, and written without.
  ['MGA', 700n, 7],
  ['KWD', 5_120n, 5_120],
])('writes %s %i as %i', (currency, minor, amount) => {
  expect(inStripeUnits({ minor, currency })).toEqual({ amount, currency: currency.toLowerCase() });
});

test.each([
  ['MGA', 701n],
  ['KWD', 5_124n],
])('rounds nothing: %s %i cannot be charged', (currency, minor) => {
  expect(inStripeUnits({ minor, currency })).toBeUndefined();
});

/** https://docs.stripe.com/currencies#zero-decimal, without ISK and UGX, which are written with two digits. */
const WITHOUT_DECIMALS = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF';

test('writes one unit of every currency as Stripe does', () => {
  const written = CURRENCIES.map((currency) => {
    const one = { currency, minor: 10n ** BigInt(CURRENCY_EXPONENTS[currency] ?? 0) };
    return [currency, inStripeUnits(one)?.amount];
  });

  const expected = CURRENCIES.map((currency) => {
    if (WITHOUT_DECIMALS.split(' ').includes(currency)) return [currency, 1];
    return [currency, CURRENCY_EXPONENTS[currency] === 3 ? 1_000 : 100];
  });
  expect(written).toEqual(expected);
});
