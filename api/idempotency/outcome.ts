import type { WholeCheckout } from '../../src/checkouts/checkout-view';
import { jsonAnswer } from '../../src/idempotency/stored-answer';
import type { StoredAnswer } from '../../src/idempotency/stored-answer';
import { problemBody } from '../plugins/problems';

/** As often as it is worth asking about a customer who is reading a page. */
const ASK_AGAIN_SECONDS = '2';

/**
 * The final answer about a checkout that has ended: 201 with the whole checkout, or the refusal as a problem. About one whose
 * customer has to act: 202 with the whole checkout, as it is at this moment.
 */
export function renderOutcome(checkout: WholeCheckout): StoredAnswer {
  const location = checkout.links.self;
  const { refusal, id, state, nextAction } = checkout;
  if (state === 'completed') return jsonAnswer(201, checkout, { location });
  if (nextAction) return jsonAnswer(202, checkout, { location, 'retry-after': ASK_AGAIN_SECONDS });
  if (!refusal) throw new Error(`Checkout ${id} ended as ${state} without a reason`);

  const problem = problemBody(refusal.code, refusal.detail, { checkoutId: id });
  return jsonAnswer(problem.status, problem, {
    location,
    'content-type': 'application/problem+json; charset=utf-8',
  });
}
