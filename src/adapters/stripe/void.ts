import type { PaymentGateway } from '../../ports/payment-gateway';
import { ProviderFault } from '../../ports/provider-fault';
import type { Intent } from './intent-answer';
import { hasMovedOn, retrieved } from './intents';
import type { Parts } from './intents';
import type { Requests } from './requests';
import { isStripeError } from './stripe-fault';

type Void = Parameters<PaymentGateway['void']>[0];

/** Closes the key first: whoever has not confirmed by then never will, and what is confirmed has its id stored. */
export async function voidKey(requests: Requests, parts: Parts, { key }: Void): Promise<void> {
  const { stripe, keys } = parts;
  await keys.close(key);
  const known = await keys.known(key);
  if (known?.state !== 'closed' || known.reference === undefined) return;
  const { reference: id } = known;
  let intent = await retrieved(requests, stripe, id);
  if (isOpen(intent)) {
    // Without a key of ours: under one, Stripe would repeat a refusal for a day, and the money would stay held.
    intent = await requests
      .send((options) => stripe.paymentIntents.cancel(id, {}, options))
      .catch((error: unknown) => {
        if (hasMovedOn(error)) return retrieved(requests, stripe, id);
        throw error;
      });
  }
  if (intent.status === 'succeeded') return giveBack(requests, parts, key, id);
  if (intent.status !== 'canceled')
    throw new ProviderFault('unusable-answer', 'A payment at Stripe cannot be cancelled yet');
}

const isOpen = ({ status }: Intent): boolean => status !== 'succeeded' && status !== 'canceled';

/** All that is left of it. Repeated, it finds nothing left, however long after. */
async function giveBack(requests: Requests, { stripe }: Parts, key: string, intent: string): Promise<void> {
  try {
    const request = { payment_intent: intent, metadata: { checkout_refund: 'void' } };
    const { status } = await requests.sendOnce(
      `${key}:void`,
      (options) => stripe.refunds.create(request, options),
      async () => undefined,
    );
    if (status === 'failed' || status === 'canceled')
      throw new ProviderFault('unusable-answer', 'Stripe cannot give back the money that it has taken');
  } catch (error) {
    if (!isStripeError(error) || error.code !== 'charge_already_refunded') throw error;
  }
}
