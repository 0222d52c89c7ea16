import type { Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { ProviderFault } from '../../ports/provider-fault';
import { duringAttempt } from './attempt';
import type { Attempt } from './attempt';
import { pauseMs } from './pause';

/** What the SDK tells of a retry policy: its durations are milliseconds. */
interface Policy {
  readonly initialInterval?: number;
  readonly backoffCoefficient?: number;
  readonly maximumInterval?: number;
}

/** As Temporal does if a policy names no longest pause. */
const LONGEST_IN_FIRSTS = 100;

/**
 * Goes into the worker's activity interceptors: tells the calls to providers which attempt they belong to, and Temporal how long to wait
 * after a fault. Benign, because every call that fails has its log line already; the SDK would add a stack trace.
 */
export const activityAttempts: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    async execute(input, next) {
      const attempt = attemptOf(info);
      try {
        return await duringAttempt(attempt, () => next(input));
      } catch (cause) {
        if (!(cause instanceof ProviderFault)) throw cause;
        const { name: type, message } = cause;
        // If there is no time for another attempt: a pause as long as the budget, which makes Temporal end the step at once, with this failure.
        const nextRetryDelay = attempt.pauseAfter(cause) ?? info.scheduleToCloseTimeoutMs;
        // Without its cause: that is for our log, and operators read the innermost sentence.
        throw ApplicationFailure.create({
          type,
          message,
          category: 'BENIGN',
          ...(!info.isLocal && { nextRetryDelay }),
        });
      }
    },
  },
});

function attemptOf(info: Info): Attempt {
  const begunAt = performance.now();
  const chance = Math.random();
  return {
    number: info.attempt,
    // In the fast lane the first attempt is nobody's retry. The regular attempt after it knows by the order's facts.
    isRetry: !info.isLocal && info.attempt > 1,
    // After a local attempt the workflow goes on by itself, at once.
    pauseAfter: (fault) => (info.isLocal ? 0 : pauseMs(fault, budgetOf(info, performance.now() - begunAt), chance)),
  };
}

/** Only the server's moments are compared: a host's clock may be wrong. */
function budgetOf(info: Info, tookMs: number) {
  const { initialInterval, backoffCoefficient = 2, maximumInterval } = (info.retryPolicy ?? {}) as Policy;
  const firstMs = initialInterval ?? 1_000;
  const wholeMs = info.scheduleToCloseTimeoutMs > 0 ? info.scheduleToCloseTimeoutMs : Infinity;
  const spentMs = info.currentAttemptScheduledTimestampMs - info.scheduledTimestampMs + tookMs;
  return {
    number: info.attempt,
    firstMs,
    factor: backoffCoefficient,
    longestMs: maximumInterval ?? firstMs * LONGEST_IN_FIRSTS,
    attemptMs: info.startToCloseTimeoutMs,
    wholeMs,
    leftMs: wholeMs - spentMs,
  };
}
