import { CancellationScope, TemporalFailure, allHandlersFinished, condition } from '@temporalio/workflow';
import { defineQuery, setHandler } from '@temporalio/workflow';
import type { Unwinding } from '../src/contract/activities';
import { CHECKOUT_PROGRESS } from '../src/contract/checkout';
import type { CheckoutOrder, CheckoutProgress, CheckoutReceipt, OrderKey } from '../src/contract/checkout';
import { isAfterPivot, STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import { CompensationStack } from './compensation-stack';
import { OperatorDesk } from './operator-desk';
import { payment } from './payment';
import { activitiesOf } from './policies';
import { Progress } from './progress';
import { endOf, reasonOf } from './reason';
import { takeOver } from './take-over';
import { confirmBeforeGivingUp } from './confirm-before-giving-up';

const progressQuery = defineQuery<CheckoutProgress>(CHECKOUT_PROGRESS);

export async function checkout(input: CheckoutOrder): Promise<CheckoutReceipt> {
  const order: OrderKey = { checkoutId: input.checkoutId, tenant: input.tenant };
  const compensations = new CompensationStack<Unwinding>();
  const progress = new Progress();
  const desk = new OperatorDesk(order, progress, input.resumed?.open);
  const { act, undo } = activitiesOf(input, desk.knowsOf);
  const authorized = payment(order, act.authorizePayment, progress);
  let reached: Step = input.resumed?.reached ?? STEPS[0];
  setHandler(progressQuery, () => progress);

  // The undo goes on the stack before the step runs: a step that timed out may still have happened.
  async function step<T>(name: Step, forward: () => Promise<T>, backward: (why: Unwinding) => Promise<void>) {
    compensations.push((why) => desk.orPark(name, backward, why));
    reached = name;
    progress.move(name, 'running');
    const tried = isAfterPivot(name) ? desk.retryUntilDecided(name, forward) : forward();
    const result = await (input.fastLane || input.resumed ? confirmBeforeGivingUp(order, name, tried) : tried);
    progress.move(name, result ? 'done' : 'skipped');
    return result as T;
  }

  try {
    if (input.resumed) takeOver(input.resumed, { order, undo, compensations, desk });
    const { total } = await step('order-created', () => act.createOrder(order), undo.cancelOrder);
    const { authorizationId } = await step('payment-authorized', authorized, undo.voidPayment);
    await step('stock-reserved', () => act.reserveStock(order), undo.releaseStock);
    await step('fulfillment-triggered', () => act.triggerFulfillment(order), undo.cancelFulfillment);
    await step('notification-sent', () => act.sendNotification(order), undo.sendCancellation);
    await step('loyalty-awarded', () => act.awardLoyalty(order), undo.revokeLoyalty);
    // The last step completes the checkout: a cancel that arrives from here on is too late, and must not undo it.
    return await CancellationScope.nonCancellable(async () => {
      const { trackingNumber } = await step('label-generated', () => act.generateLabel(order), undo.voidLabel);
      progress.endedAs('completed');
      await condition(allHandlersFinished);
      return { checkoutId: order.checkoutId, total, authorizationId, trackingNumber };
    });
  } catch (cause) {
    // A bug is not a refusal: let the task fail, so that a fixed worker carries on from here.
    if (!(cause instanceof TemporalFailure)) throw cause;

    const reason = reasonOf(cause, reached);
    progress.unwindingFrom(reached, reason.because);
    await CancellationScope.nonCancellable(async () => {
      await compensations.unwind({ ...order, ...reason });
      await desk.settled();
      progress.endedAs(reason.because === 'Cancelled' ? 'cancelled' : 'refused');
      await condition(allHandlersFinished);
    });
    throw endOf(reason, cause);
  }
}
