import type { AuthorizationAnswer, PaymentGateway, Unseen } from '../../ports/payment-gateway';
import { ProviderFault } from '../../ports/provider-fault';
import { declinedBy } from './refused';
import { answerOf, isUnconfirmed } from './intent-answer';
import type { Intent } from './intent-answer';
import { confirmed, created, retrieved } from './intents';
import type { Parts } from './intents';
import type { Requests } from './requests';
import { inStripeUnits } from './stripe-units';
import type { StripeUnits } from './stripe-units';

type Authorize = Parameters<PaymentGateway['authorize']>[0];
type Find = Parameters<NonNullable<PaymentGateway['find']>>[0];

const BLOCKED = { outcome: 'blocked' } as const;
const UNSEEN = { outcome: 'unseen' } as const;
const declined = (reason: string) => ({ outcome: 'declined', reason }) as const;

/**
 * Stripe can void no key, so every payment takes four steps: an intent is created, its id is stored, it is confirmed, the answer is used. Only
 * the confirmation can hold money, and whoever makes it has stored the id and seen that the key is not closed. So:
 *
 * - Died after the creation: nobody knows the id, so nobody will ever confirm that intent. The next attempt creates it again, which within a
 *   day is the same intent, and later another one. Either way at most one is confirmed, because only one id is ever stored.
 * - Died after the id was stored: the next attempt confirms this intent, if nobody has. A void cancels it.
 * - Died after the confirmation: the next attempt asks Stripe about this intent, however old it is. A void frees what is held.
 * - A void closes the key before it reads the id. What it cannot see was not stored yet, and will find the key closed.
 */
export async function authorize(requests: Requests, parts: Parts, { key, amount, token }: Authorize) {
  const { stripe, keys } = parts;
  const asked = inStripeUnits(amount);
  if (!asked) return declined('amount-cannot-be-charged');
  const begun = await keys.begin(key, [String(amount.minor), amount.currency, token]);
  if (begun.state === 'closed') return BLOCKED;
  try {
    let intent =
      begun.state === 'settled'
        ? await retrieved(requests, stripe, begun.reference)
        : await createdAndStored(requests, parts, key, asked);
    if (!intent) return BLOCKED;
    if (isUnconfirmed(intent)) intent = await confirmed(requests, parts, { key, token, intent });
    return decided(await toldOf(parts, key, intent, asked));
  } catch (error) {
    const reason = declinedBy(error);
    if (reason === undefined) throw error;
    return declined(reason);
  }
}

/** Undefined if the key was closed meanwhile. */
async function createdAndStored(requests: Requests, parts: Parts, key: string, asked: StripeUnits) {
  const intent = await created(requests, parts, key, asked);
  const stored = await parts.keys.settle(key, intent.id);
  if (stored.state !== 'settled') return undefined;
  // Another one is stored if the first attempt comes back after a day.
  return stored.reference === intent.id ? intent : retrieved(requests, parts.stripe, stored.reference);
}

/** Asks about the intent itself: that has no end, while Stripe forgets an idempotency key after a day. */
export async function find(requests: Requests, parts: Parts, { key, amount }: Find) {
  const known = await parts.keys.known(key);
  if (known?.state === 'closed') return BLOCKED;
  const asked = inStripeUnits(amount);
  if (known?.state !== 'settled' || !asked) return UNSEEN;
  return toldOf(parts, key, await retrieved(requests, parts.stripe, known.reference), asked);
}

async function toldOf(
  { keys }: Parts,
  key: string,
  intent: Intent,
  asked: StripeUnits,
): Promise<AuthorizationAnswer | Unseen> {
  if (intent.status === 'canceled' && (await keys.known(key))?.state === 'closed') return BLOCKED;
  return answerOf(intent, asked);
}

function decided(answer: AuthorizationAnswer | Unseen): AuthorizationAnswer {
  if (answer.outcome !== 'unseen') return answer;
  throw new ProviderFault('unusable-answer', 'Stripe has confirmed a payment and says that nobody has');
}
