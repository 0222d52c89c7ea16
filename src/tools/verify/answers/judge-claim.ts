import { hasEnded } from '../../../domain/checkout-states';
import type { CheckoutState } from '../../../domain/checkout-states';
import { fingerprintOf } from '../../../idempotency/fingerprint';
import type { StoredAnswer } from '../../../idempotency/stored-answer';
import type { Tally } from '../verdict';

export const OPERATION = 'POST /v1/checkouts';
const VERSION = 'v1';

/** A checkout with the claim of its key. */
export interface ClaimedCheckout {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly key: string;
  readonly request: object;
  readonly state: CheckoutState;
  readonly claim: Claim | null;
}

export interface Claim {
  readonly resourceId: string;
  readonly fingerprint: Buffer;
  readonly forgotten: boolean;
  readonly acceptance: StoredAnswer;
  readonly outcome: StoredAnswer | null;
}

/** Checks the stored answers, without asking the API. */
export function judgeClaim({ checkoutId, request, state, claim }: ClaimedCheckout, tally: Tally): void {
  const found = (kind: string, sentence: string) => tally.violation(kind, checkoutId, sentence);
  if (!claim) return found('no-claim', 'Its key is free again');
  const { resourceId, fingerprint, forgotten, acceptance, outcome } = claim;
  if (resourceId !== checkoutId) found('other-checkout', `Its key answers for ${resourceId}`);
  if (!fingerprint.equals(fingerprintOf({ operation: OPERATION, version: VERSION, body: request }))) {
    found('other-body', 'The fingerprint of its claim is not that of its request');
  }
  if (forgotten) {
    if (acceptance.body.length > 0 || outcome) found('not-forgotten', 'Its answers have expired but are still stored');
    return;
  }
  const { id, state: said } = read(acceptance);
  if (acceptance.status !== 202 || id !== checkoutId || said !== 'accepted') {
    found('wrong-acceptance', `Its stored acceptance is ${acceptance.status} for ${String(id)}`);
  }
  if (outcome) judgeOutcome(outcome);

  function judgeOutcome(answer: StoredAnswer): void {
    const { id: completed, checkoutId: refused } = read(answer);
    if (!hasEnded(state)) found('early-outcome', `It is ${state}, but an outcome is stored`);
    if ((answer.status === 201) !== (state === 'completed') || (completed ?? refused) !== checkoutId) {
      found('wrong-outcome', `It is ${state}, but its outcome is ${answer.status}`);
    }
  }
}

/** Nothing, if the body is not JSON. */
function read({ body }: StoredAnswer): Partial<Record<'id' | 'state' | 'checkoutId', unknown>> {
  try {
    return JSON.parse(body.toString('utf8')) as object;
  } catch {
    return {};
  }
}
