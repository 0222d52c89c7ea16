import { CancellationScope, TemporalFailure } from '@temporalio/workflow';
import type { OrderKey } from '../src/contract/checkout';
import type { Refusal } from '../src/domain/refusals';
import type { Step } from '../src/domain/steps';
import { giveUpStep } from './policies';
import { reasonOf } from './reason';

/** Reasons for turning back that are not a step's own word. */
const FROM_OUTSIDE: readonly Refusal[] = ['Cancelled', 'StepUnavailable'];

/**
 * What a step answered, also when it was given up although it had happened. A step that refuses proves that no later one has happened. A
 * fault or a cancel proves nothing: a workflow task that was lost, with its worker, may have come further than the history tells. So
 * Postgres is asked first, and what has not happened by then cannot happen any more.
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
