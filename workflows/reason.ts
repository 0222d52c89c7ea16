import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation } from '@temporalio/workflow';
import { ALREADY_UNDONE } from '../src/contract/activities';
import type { Unwinding } from '../src/contract/activities';
import { isRefusal } from '../src/domain/refusals';
import type { Step } from '../src/domain/steps';

type Reason = Pick<Unwinding, 'because' | 'sentence'>;

/**
 * The failure that an activity threw, to be recognised by its type string: classes do not survive the trip. A local activity fails with the
 * bare failure, a regular one with an `ActivityFailure` around it.
 */
function answerIn(cause: unknown): ApplicationFailure | undefined {
  const answer = cause instanceof ActivityFailure ? cause.cause : cause;
  return answer instanceof ApplicationFailure ? answer : undefined;
}

/** The refusal in a failure; undefined if it is no refusal. */
export function refusalIn(cause: unknown): Reason | undefined {
  const answer = answerIn(cause);
  return answer && isRefusal(answer.type) ? { because: answer.type, sentence: answer.message } : undefined;
}

export const wasUndone = (cause: unknown): boolean => answerIn(cause)?.type === ALREADY_UNDONE;

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

/** How the workflow of an undone order ends: cancelled, or failed with the refusal. Benign, because a refusal is no incident. */
export const endOf = ({ because, sentence }: Reason, cause: Error): Error =>
  because === 'Cancelled'
    ? cause
    : ApplicationFailure.create({ type: because, message: sentence, nonRetryable: true, category: 'BENIGN', cause });

/** What went wrong in the last attempt, for operators. They know already that the attempts ran out of time. */
export function whyOf(error: Error): string {
  if (error.cause instanceof Error) return whyOf(error.cause);
  // Temporal's own sentence is about its timers, and what earlier attempts said is lost.
  return error instanceof TimeoutFailure ? 'The last attempt was not answered in time' : error.message;
}
