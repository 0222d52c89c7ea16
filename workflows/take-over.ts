import { ApplicationFailure } from '@temporalio/workflow';
import type { UndoActivities, Unwinding } from '../src/contract/activities';
import type { OrderKey, Resumed } from '../src/contract/checkout';
import { STEPS } from '../src/domain/steps';
import type { CompensationStack } from './compensation-stack';
import type { OperatorDesk } from './operator-desk';
import { STEP_ACTIVITIES } from './step-activities';

interface Run {
  readonly order: OrderKey;
  readonly undo: UndoActivities;
  readonly compensations: CompensationStack<Unwinding>;
  readonly desk: OperatorDesk;
}

/**
 * Puts a run where the one before it was: what waited for operators waits again. An order that was being undone gets the rest of its undo
 * stack, and the reason is thrown again as the step threw it. Any other order runs from its first step: the ledger answers for the steps
 * that have happened.
 */
export function takeOver({ open, unwinding }: Resumed, { order, undo, compensations, desk }: Run): void {
  if (!unwinding) return;
  const { because, sentence, undos } = unwinding;
  for (const step of STEPS.filter((each) => undos.includes(each))) {
    compensations.push((why) => desk.orPark(step, undo[STEP_ACTIVITIES[step].undo[0]], why));
  }
  for (const { step, kind } of open) {
    if (kind === 'undo') desk.park(step, undo[STEP_ACTIVITIES[step].undo[0]], { ...order, because, sentence });
  }
  throw ApplicationFailure.nonRetryable(sentence, because);
}
