import { CancellationScope, TemporalFailure } from '@temporalio/workflow';
import type { OrderKey } from '../src/contract/checkout';
import type { Refusal } from '../src/domain/refusals';
import type { Step } from '../src/domain/steps';
import { giveUpStep } from './policies';
import { reasonOf } from './reason';

/** Reasons to turn back that do not come from the step itself. */
const FROM_OUTSIDE: readonly Refusal[] = ['Cancelled', 'StepUnavailable'];

/**
 * The step's answer, even if the step was given up although it had happened. A refusal proves that no later step has happened. A fault or
 * a cancel proves nothing: a workflow task that was lost with its worker may have got further than the history says. So this asks
 * Postgres first, and a step that has not happened by then never will.
 */
export async function confirmBeforeGivingUp<T>(order: OrderKey, step: Step, tried: Promise<T>): Promise<T> {
  try {
    return await tried;
  } catch (cause) {
    if (!(cause instanceof TemporalFailure)) throw cause;
    const reason = reasonOf(cause, step);
    if (!FROM_OUTSIDE.includes(reason.because)) throw cause;
    const answer = await CancellationScope.nonCancellable(() => giveUpStep({ ...order, step, ...reason }));
    if (answer === null) throw cause;
    return answer as T;
  }
}
