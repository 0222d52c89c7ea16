import type Stripe from 'stripe';
import type { PaymentGateway, RefundAnswer } from '../../ports/payment-gateway';
import { ProviderFault } from '../../ports/provider-fault';
import type { Parts } from './intents';
import { refusalIn } from './refused';
import type { Requests } from './requests';
import { mustBeInStripeUnits } from './stripe-units';
import type { StripeUnits } from './stripe-units';

type Refund = Parameters<PaymentGateway['refund']>[0];

/** Of a refund: our id of it. */
const ID_IN_METADATA = 'checkout_refund';
/** The most that one page of a list has. */
const PAGE = 100;

const rejected = (reason: string): RefundAnswer => ({ outcome: 'rejected', reason });

/** Looks for the refund before it makes it: a retry may come after Stripe has forgotten its key, and then a second one would be made. */
export async function refund(
  requests: Requests,
  { stripe, keys }: Parts,
  { key, refund: ours, amount }: Refund,
): Promise<RefundAnswer> {
  const known = await keys.known(key);
  if (known?.state !== 'settled') return rejected(known?.state === 'closed' ? 'voided' : 'not-captured');
  const asked = mustBeInStripeUnits(amount);
  const { reference: intent } = known;
  const wanted = { payment_intent: intent, amount: asked.amount, metadata: { [ID_IN_METADATA]: ours } };
  const look = () => refundOf(requests, stripe, intent, ours);
  const make = (options: Stripe.RequestOptions) => stripe.refunds.create(wanted, options);
  try {
    return answerOf((await look()) ?? (await requests.sendOnce(`${key}:refund:${ours}`, make, look)), asked);
  } catch (error) {
    const reason = refusalIn(error);
    if (reason === undefined) throw error;
    return rejected(reason);
  }
}

/** Lists are exact at once; Stripe's search is minutes behind. */
async function refundOf(requests: Requests, stripe: Stripe, intent: string, ours: string) {
  for (let after: string | undefined; ;) {
    const page = { payment_intent: intent, limit: PAGE, ...(after !== undefined && { starting_after: after }) };
    const { data, has_more: hasMore } = await requests.send((options) => stripe.refunds.list(page, options));
    const found = data.find(({ metadata }) => metadata?.[ID_IN_METADATA] === ours);
    after = data.at(-1)?.id;
    if (found || !hasMore || after === undefined) return found;
  }
}

/** One that is under way (`pending`) needs nothing more of us. */
function answerOf(
  { id, amount, currency, status, failure_reason: why }: Stripe.Refund,
  asked: StripeUnits,
): RefundAnswer {
  if (amount !== asked.amount || currency !== asked.currency)
    throw new ProviderFault('key-reused', 'A refund of another amount was made under the same id');
  if (status === 'failed' || status === 'canceled') return rejected(why ?? status);
  return { outcome: 'refunded', reference: id };
}
