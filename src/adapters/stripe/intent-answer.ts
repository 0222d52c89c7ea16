import type Stripe from 'stripe';
import type { AuthorizationAnswer, Unseen } from '../../ports/payment-gateway';
import { ProviderFault } from '../../ports/provider-fault';
import { declineReason } from './refused';
import type { StripeUnits } from './stripe-units';

export type Intent = Stripe.PaymentIntent;

/** Stripe names no end for a redirect. As long as a checkout may wait at all: the checkout's own deadline comes first. */
const CUSTOMER_MAY_TAKE_SECONDS = 24 * 60 * 60;
const MS_IN_A_SECOND = 1_000;

/** Nobody has tried to pay it yet. Nothing is held. */
export const isUnconfirmed = ({ status, last_payment_error: failed }: Intent): boolean =>
  status === 'requires_confirmation' || (status === 'requires_payment_method' && !failed);

/** What the state of an intent says about the authorization. Its amount must be the one asked for. */
export function answerOf(intent: Intent, asked: StripeUnits): AuthorizationAnswer | Unseen {
  mustBeOf(intent, asked);
  if (isUnconfirmed(intent)) return { outcome: 'unseen' };
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- what is missing is unconfirmed
  switch (intent.status) {
    case 'requires_capture':
      mustBeOf({ amount: intent.amount_capturable, currency: intent.currency }, asked);
      return { outcome: 'authorized', reference: intent.id };
    case 'requires_action':
      return customerAction(intent);
    case 'processing':
      return { outcome: 'pending' };
    case 'requires_payment_method':
      return { outcome: 'declined', reason: declineReason(intent.last_payment_error) };
    // Taken before anybody captured it. The void that follows gives it back.
    case 'succeeded':
      return { outcome: 'declined', reason: 'cannot-be-held' };
    // By somebody at Stripe, or by Stripe itself. What we cancelled is blocked, which the caller knows.
    case 'canceled':
      return { outcome: 'declined', reason: 'canceled' };
    default:
      throw new ProviderFault('unknown-outcome', 'A payment at Stripe has a status that we do not know');
  }
}

/** Holding, or taking, the wrong amount is worse than none. */
export function mustBeOf({ amount, currency }: StripeUnits, asked: StripeUnits): void {
  if (amount === asked.amount && currency === asked.currency) return;
  throw new ProviderFault('other-amount', 'A payment at Stripe is of another amount than the one requested');
}

function customerAction({ next_action: action, created }: Intent): AuthorizationAnswer {
  const url = action?.redirect_to_url?.url;
  // Only Stripe's script in the shop's own page could go on from here.
  if (!url) return { outcome: 'declined', reason: 'authentication_required' };
  const expiresAt = new Date((created + CUSTOMER_MAY_TAKE_SECONDS) * MS_IN_A_SECOND).toISOString();
  return { outcome: 'customer-action', url, expiresAt };
}
