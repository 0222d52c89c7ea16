import { ApplicationFailure } from '@temporalio/workflow';
import type { Unwinding, UndoActivities } from '../src/contract/activities';
import type { OrderKey, Resumed } from '../src/contract/checkout';
import { STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import type { CompensationStack } from './compensation-stack';
import type { OperatorDesk } from './operator-desk';

const UNDO_OF: Record<Step, keyof UndoActivities> = {
  'order-created': 'cancelOrder',
  'payment-authorized': 'voidPayment',
  'stock-reserved': 'releaseStock',
  'fulfillment-triggered': 'cancelFulfillment',
  'notification-sent': 'sendCancellation',
  'loyalty-awarded': 'revokeLoyalty',
  'label-generated': 'voidLabel',
};

interface Run {
  readonly order: OrderKey;
  readonly undo: UndoActivities;
  readonly compensations: CompensationStack<Unwinding>;
  readonly desk: OperatorDesk;
}

/**
 * Puts a run where the one before it was: what waits for operators waits again. An order that was being undone gets the rest of its undo
 * stack, and the reason is thrown as the step threw it. For any other the ledger answers for the steps that have happened.
 */
export function takeOver({ open, unwinding }: Resumed, { order, undo, compensations, desk }: Run): void {
  if (!unwinding) return;
  const { because, sentence, undos } = unwinding;
  for (const step of STEPS.filter((each) => undos.includes(each))) {
    compensations.push((why) => desk.orPark(step, undo[UNDO_OF[step]], why));
  }
  for (const { step, kind } of open) {
    if (kind === 'undo') desk.park(step, undo[UNDO_OF[step]], { ...order, because, sentence });
  }
  throw ApplicationFailure.nonRetryable(sentence, because);
}
