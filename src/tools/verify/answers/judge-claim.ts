import { hasEnded } from '../../../domain/checkout-states';
import type { CheckoutState } from '../../../domain/checkout-states';
import { fingerprintOf } from '../../../idempotency/fingerprint';
import type { StoredAnswer } from '../../../idempotency/stored-answer';
import type { Tally } from '../verdict';

export const OPERATION = 'POST /v1/checkouts';
const VERSION = 'v1';

/** A key's claim beside its checkout. */
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

/** What must be true of the answers that are kept, without asking for them. */
export function judgeClaim({ checkoutId, request, state, claim }: ClaimedCheckout, tally: Tally): void {
  const found = (kind: string, sentence: string) => tally.violation(kind, checkoutId, sentence);
  if (!claim) return found('no-claim', 'Its key is free again');
  const { resourceId, fingerprint, forgotten, acceptance, outcome } = claim;
  if (resourceId !== checkoutId) found('other-checkout', `Its key answers for ${resourceId}`);
  if (!fingerprint.equals(fingerprintOf({ operation: OPERATION, version: VERSION, body: request }))) {
    found('other-body', 'Its claim does not have the fingerprint of what it does');
  }
  if (forgotten) {
    if (acceptance.body.length > 0 || outcome)
      found('not-forgotten', 'Its answers are past their time, and still there');
    return;
  }
  const { id, state: said } = read(acceptance);
  if (acceptance.status !== 202 || id !== checkoutId || said !== 'accepted') {
    found('wrong-acceptance', `It was accepted with ${acceptance.status} as ${String(id)}`);
  }
  if (outcome) judgeOutcome(outcome);

  function judgeOutcome(answer: StoredAnswer): void {
    const { id: completed, checkoutId: refused } = read(answer);
    if (!hasEnded(state)) found('early-outcome', `It is ${state}, and its outcome is stored`);
    if ((answer.status === 201) !== (state === 'completed') || (completed ?? refused) !== checkoutId) {
      found('wrong-outcome', `It is ${state}, and its outcome ${answer.status}`);
    }
  }
}

/** A body that is no JSON says nothing. */
function read({ body }: StoredAnswer): Partial<Record<'id' | 'state' | 'checkoutId', unknown>> {
  try {
    return JSON.parse(body.toString('utf8')) as object;
  } catch {
    return {};
  }
}
