import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation } from '@temporalio/workflow';
import type { Unwinding } from '../src/contract/activities';
import { isRefusal } from '../src/domain/refusals';
import type { Step } from '../src/domain/steps';

type Reason = Pick<Unwinding, 'because' | 'sentence'>;

/**
 * What a step refused with; undefined for everything else. Known by its type string: classes do not survive the trip from the activity.
 * Local activities fail with the bare answer, the others with an `ActivityFailure` around it.
 */
export function refusalIn(cause: unknown): Reason | undefined {
  const answer = cause instanceof ActivityFailure ? cause.cause : cause;
  if (!(answer instanceof ApplicationFailure) || !isRefusal(answer.type)) return undefined;
  return { because: answer.type, sentence: answer.message };
}

/** Why the order is undone, in words that may be shown to the customer. */
export function reasonOf(cause: unknown, step: Step): Reason {
  if (isCancellation(cause)) return { because: 'Cancelled', sentence: 'The checkout was cancelled.' };

  return (
    refusalIn(cause) ?? {
      because: 'StepUnavailable',
      sentence: `${step} did not work out in time, so everything was undone. Nothing was charged; use a new Idempotency-Key to try again.`,
    }
  );
}

/** How the workflow of an undone order ends: cancelled, or failed with the refusal. A refusal is no incident: benign. */
export const endOf = ({ because, sentence }: Reason, cause: Error): Error =>
  because === 'Cancelled'
    ? cause
    : ApplicationFailure.create({ type: because, message: sentence, nonRetryable: true, category: 'BENIGN', cause });

/** What went wrong in the last attempt, for operators. That the attempts ran out of time, which is around it, they know. */
export function whyOf(error: Error): string {
  if (error.cause instanceof Error) return whyOf(error.cause);
  // Temporal's own sentence speaks of its timers, and what the attempts before this one said is lost.
  return error instanceof TimeoutFailure ? 'The last attempt was not answered in time' : error.message;
}
