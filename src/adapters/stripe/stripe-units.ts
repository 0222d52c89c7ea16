import { CURRENCY_EXPONENTS } from '../../domain/currencies';
import { toMinorNumber } from '../../domain/money';
import type { Money } from '../../domain/money';
import { ProviderFault } from '../../ports/provider-fault';

/** How Stripe writes money. */
export interface StripeUnits {
  readonly amount: number;
  readonly currency: string;
}

/** Where Stripe's digits are not those of ISO 4217 (https://docs.stripe.com/currencies). ISK and UGX always end in 00 there. */
const DIGITS_AT_STRIPE: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

/** Of a currency with three digits, card networks know two: the last one is 0. */
const THREE_DIGITS = 3;

/** Undefined if Stripe cannot charge exactly this amount: somebody else's money is not rounded. */
export function inStripeUnits({ minor, currency }: Money): StripeUnits | undefined {
  const digits = CURRENCY_EXPONENTS[currency] ?? 0;
  const atStripe = DIGITS_AT_STRIPE[currency] ?? digits;
  const finest = 10n ** BigInt(digits === THREE_DIGITS ? 1 : Math.max(digits - atStripe, 0));
  if (minor % finest !== 0n) return undefined;
  const amount = (minor * 10n ** BigInt(atStripe)) / 10n ** BigInt(digits);
  return { amount: toMinorNumber({ minor: amount, currency }), currency: currency.toLowerCase() };
}

/** Of money that was held already, so its amount can be charged. */
export function mustBeInStripeUnits(money: Money): StripeUnits {
  const units = inStripeUnits(money);
  if (units) return units;
  throw new ProviderFault('refused-call', 'Stripe cannot move exactly this amount');
}
