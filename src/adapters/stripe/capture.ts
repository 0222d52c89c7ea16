import type { CaptureAnswer, PaymentGateway } from '../../ports/payment-gateway';
import { mustBeOf } from './intent-answer';
import type { Intent } from './intent-answer';
import { hasMovedOn, retrieved } from './intents';
import type { Parts } from './intents';
import { refusalIn } from './refused';
import type { Requests } from './requests';
import { mustBeInStripeUnits } from './stripe-units';
import type { StripeUnits } from './stripe-units';

type Capture = Parameters<PaymentGateway['capture']>[0];

const rejected = (reason: string): CaptureAnswer => ({ outcome: 'rejected', reason });

/**
 * An intent is captured once, whatever key the request has. So it has none of ours: under one, Stripe would repeat a refusal for a day after
 * its cause has gone.
 */
export async function capture(
  requests: Requests,
  { stripe, keys }: Parts,
  { key, amount }: Capture,
): Promise<CaptureAnswer> {
  const known = await keys.known(key);
  if (known?.state !== 'settled') return rejected(known?.state === 'closed' ? 'voided' : 'not-authorized');
  const asked = mustBeInStripeUnits(amount);
  const intent = await retrieved(requests, stripe, known.reference);
  mustBeOf(intent, asked);
  if (intent.status !== 'requires_capture') return captured(intent, asked);
  const all = { amount_to_capture: asked.amount };
  try {
    return captured(await requests.send((options) => stripe.paymentIntents.capture(intent.id, all, options)), asked);
  } catch (error) {
    // Perhaps another attempt has captured it.
    if (hasMovedOn(error)) return captured(await retrieved(requests, stripe, intent.id), asked);
    const reason = refusalIn(error);
    if (reason === undefined) throw error;
    return rejected(reason);
  }
}

function captured(
  { id, status, amount_received: amount, currency, latest_charge: charge }: Intent,
  asked: StripeUnits,
): CaptureAnswer {
  if (status !== 'succeeded') return rejected(status);
  mustBeOf({ amount, currency }, asked);
  return { outcome: 'captured', reference: typeof charge === 'string' ? charge : (charge?.id ?? id) };
}
