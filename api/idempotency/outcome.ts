import type { CheckoutView } from '../../src/checkouts/checkout-view';
import { jsonAnswer } from '../../src/idempotency/stored-answer';
import type { StoredAnswer } from '../../src/idempotency/stored-answer';
import { problemBody } from '../plugins/problems';

/** The final answer about a checkout that has ended: 201 with the whole checkout, or the refusal as a problem. */
export function renderOutcome(checkout: CheckoutView): StoredAnswer {
  const location = checkout.links.self;
  const { refusal, id, state } = checkout;
  if (state === 'completed') return jsonAnswer(201, checkout, { location });
  if (!refusal) throw new Error(`Checkout ${id} ended as ${state} without a reason`);

  const problem = problemBody(refusal.code, refusal.detail, { checkoutId: id });
  return jsonAnswer(problem.status, problem, {
    location,
    'content-type': 'application/problem+json; charset=utf-8',
  });
}
