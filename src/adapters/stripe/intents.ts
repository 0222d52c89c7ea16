import type Stripe from 'stripe';
import type { KeyMemory } from '../../ports/key-memory';
import { partsOfKey } from '../../ports/provider-key';
import { isUnconfirmed } from './intent-answer';
import type { Intent } from './intent-answer';
import type { Requests } from './requests';
import { isStripeError } from './stripe-fault';
import type { StripeUnits } from './stripe-units';

/** What the calls of the port work with. */
export interface Parts {
  readonly stripe: Stripe;
  readonly keys: KeyMemory;
  readonly returnUrl?: string | undefined;
}

/** Of an intent. Webhooks name it. */
export const KEY_IN_METADATA = 'checkout_key';

export const retrieved = (requests: Requests, stripe: Stripe, id: string): Promise<Intent> =>
  requests.send((options) => stripe.paymentIntents.retrieve(id, {}, options));

export const created = (
  requests: Requests,
  { stripe, returnUrl }: Parts,
  key: string,
  asked: StripeUnits,
): Promise<Intent> =>
  requests.sendOnce(
    key,
    (options) =>
      stripe.paymentIntents.create(
        {
          ...asked,
          capture_method: 'manual',
          automatic_payment_methods: { enabled: true, allow_redirects: returnUrl === undefined ? 'never' : 'always' },
          metadata: { [KEY_IN_METADATA]: key },
        },
        options,
      ),
    // Whatever was created before is unknown, and stays unconfirmed.
    async () => undefined,
  );

interface Confirmation {
  readonly key: string;
  readonly token: string;
  readonly intent: Intent;
}

/** Never throws a state that has changed meanwhile: then it returns the intent as it is. */
export async function confirmed(
  requests: Requests,
  { stripe, returnUrl }: Parts,
  { key, token, intent }: Confirmation,
) {
  const { checkoutId } = partsOfKey(key);
  const look = () => retrieved(requests, stripe, intent.id);
  const params = {
    ...paidWith(token),
    ...(returnUrl !== undefined && { return_url: returnUrl.replaceAll('{checkoutId}', checkoutId) }),
  };
  try {
    return await requests.sendOnce(
      `${key}:confirm`,
      (options) => stripe.paymentIntents.confirm(intent.id, params, options),
      async () => {
        const now = await look();
        return isUnconfirmed(now) ? undefined : now;
      },
    );
  } catch (error) {
    // Another attempt has confirmed it, or a void has cancelled it.
    if (hasMovedOn(error)) return look();
    throw error;
  }
}

/** By its prefix: a card token of Stripe.js, a confirmation token of its Payment Element, or a payment method. */
function paidWith(token: string): Stripe.PaymentIntentConfirmParams {
  if (token.startsWith('tok_')) return { payment_method_data: { type: 'card', card: { token } } as CardToken };
  return token.startsWith('ctoken_') ? { confirmation_token: token } : { payment_method: token };
}

/** The library's types lack the token, of which Stripe's reference for payment methods knows. */
type CardToken = Stripe.PaymentIntentConfirmParams.PaymentMethodData;

/** The intent is not in the state that the request is for. */
export const hasMovedOn = (error: unknown): boolean =>
  isStripeError(error) && error.code === 'payment_intent_unexpected_state';
