import { isStripeError } from './stripe-fault';

interface Declined {
  readonly decline_code?: string;
  readonly code?: string;
}

/** What the bank knows about a stolen card is not for the person who holds it (https://docs.stripe.com/declines/codes). */
const NOT_TOLD: readonly string[] = ['fraudulent', 'lost_card', 'merchant_blacklist', 'stolen_card'];

/** One word: the bank's reason, or else Stripe's. */
export function declineReason(declined: Declined | null): string {
  const reason = declined?.decline_code || declined?.code || 'declined';
  return NOT_TOLD.includes(reason) ? 'generic_decline' : reason;
}

/** The amount is not one that Stripe charges, whatever the card. */
const AMOUNTS: readonly unknown[] = ['amount_too_large', 'amount_too_small'];
const METHOD = /^(payment_method(_data)?(\[|$)|confirmation_token$)/;

/** Why a customer cannot pay this way, if that is what the error says; everything else is a fault. */
export function declinedBy(error: unknown): string | undefined {
  if (!isStripeError(error)) return undefined;
  const { type, code = 'declined', param = '' } = error;
  if (type === 'StripeCardError') return declineReason(error);
  if (type !== 'StripeInvalidRequestError') return undefined;
  // Of a bank debit, the money is taken at once or not at all.
  if (code === 'payment_intent_incompatible_payment_method') return 'cannot-be-held';
  if (AMOUNTS.includes(code)) return code;
  // A token that was made up, or used before.
  if (!METHOD.test(param) && !code.startsWith('token_')) return undefined;
  return code === 'resource_missing' ? 'unknown_payment_method' : code;
}

/** Mistakes of our own, or of the settings: no answer about the money. */
const OURS = /^(parameter|resource_missing)/;

/** Why Stripe does not move money that it holds or has taken, if that is what the error says; everything else is a fault. */
export function refusalIn(error: unknown): string | undefined {
  if (!isStripeError(error) || OURS.test(error.code ?? '')) return undefined;
  if (error.type === 'StripeCardError') return declineReason(error);
  return error.type === 'StripeInvalidRequestError' ? (error.code ?? 'refused') : undefined;
}
