import { ApplicationFailure, CancellationScope, TemporalFailure, defineQuery, setHandler } from '@temporalio/workflow';
import type { Unwinding } from '../src/contract/activities';
import { CHECKOUT_PROGRESS } from '../src/contract/checkout';
import type { CheckoutProgress, CheckoutReceipt, OrderKey } from '../src/contract/checkout';
import { STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import { CompensationStack } from './compensation-stack';
import { backward as undo, forward as act } from './policies';
import { Progress } from './progress';
import { endOf, reasonOf } from './reason';

const progressQuery = defineQuery<CheckoutProgress>(CHECKOUT_PROGRESS);

export async function checkout(order: OrderKey): Promise<CheckoutReceipt> {
  const compensations = new CompensationStack<Unwinding, Step>();
  const progress = new Progress();
  let reached: Step = STEPS[0];
  setHandler(progressQuery, () => progress);

  // The undo goes on the stack before the step runs: a step that timed out may still have happened.
  async function step<T>(
    name: Step,
    forward: () => Promise<T>,
    backward: (why: Unwinding) => Promise<void>,
  ): Promise<T> {
    compensations.push(name, backward);
    reached = name;
    progress.move(name, 'running');
    const result = await forward();
    progress.move(name, 'done');
    return result;
  }
  // The last step ends the checkout, so a cancel that arrives while it runs comes too late.
  const tooLateToCancel =
    <T>(forward: () => Promise<T>) =>
    () =>
      CancellationScope.nonCancellable(forward);

  try {
    const { total } = await step('order-created', () => act.createOrder(order), undo.cancelOrder);
    const { authorizationId } = await step('payment-authorized', () => act.authorizePayment(order), undo.voidPayment);
    await step('stock-reserved', () => act.reserveStock(order), undo.releaseStock);
    await step('fulfillment-triggered', () => act.triggerFulfillment(order), undo.cancelFulfillment);
    await step('notification-sent', () => act.sendNotification(order), undo.sendCancellation);
    await step('loyalty-awarded', () => act.awardLoyalty(order), undo.revokeLoyalty);
    const label = tooLateToCancel(() => act.generateLabel(order));
    const { trackingNumber } = await step('label-generated', label, undo.voidLabel);

    progress.endedAs('completed');
    return { checkoutId: order.checkoutId, total, authorizationId, trackingNumber };
  } catch (cause) {
    // A bug is not a refusal: let the task fail, so that a fixed worker carries on from here.
    if (!(cause instanceof TemporalFailure)) throw cause;

    const reason = reasonOf(cause, reached);
    progress.unwindingFrom(reached, reason.because);
    const stuck = await CancellationScope.nonCancellable(() =>
      compensations.unwind({ ...order, ...reason }, (name, state) => progress.move(name, state)),
    );
    if (stuck.length > 0)
      throw halfUndone(
        order,
        stuck.map(({ step: name }) => name),
        cause,
      );

    progress.endedAs(reason.because === 'Cancelled' ? 'cancelled' : 'refused');
    throw endOf(reason, cause);
  }
}

const halfUndone = ({ checkoutId }: OrderKey, steps: string[], cause: Error) =>
  ApplicationFailure.create({
    type: 'CompensationIncomplete',
    message: `Checkout ${checkoutId} is half undone: ${steps.join(', ')}`,
    details: [{ checkoutId, steps }],
    nonRetryable: true,
    cause,
  });
