import type { ProviderFault } from '../../ports/provider-fault';

/** So that orders which failed together do not come back together. */
const JITTER = 0.2;
/** A provider may ask for a day by mistake. Twelve calls an hour disturb nobody, and no order waits for long after a recovery. */
export const LONGEST_REQUEST_MS = 5 * 60_000;
/** With less time left, an attempt would only end in Temporal's timer, which forgets what the attempts before it said. */
const SHORTEST_ATTEMPT_MS = 1_000;
/** Of a budget of a second or two. */
const SHORTEST_SHARE = 1 / 4;

/** What is known of the attempts of a step: its retry policy, and what its budget has left. */
export interface Budget {
  readonly number: number;
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
  /** How long an attempt may take. */
  readonly attemptMs: number;
  /** Infinite, as what is left of it, for a step that is never given up. */
  readonly wholeMs: number;
  readonly leftMs: number;
}

/** Milliseconds until the next attempt; undefined if there is no time for one. `chance` is from 0 to 1. */
export function pauseMs(
  { fault, retryAfterMs = 0 }: ProviderFault,
  budget: Budget,
  chance: number,
): number | undefined {
  const backOff = Math.min(budget.firstMs * budget.factor ** (budget.number - 1), budget.longestMs);
  // Never earlier than the provider asked for.
  const asked = Math.min(retryAfterMs, LONGEST_REQUEST_MS) * (1 + JITTER * chance);
  // The breaker has spread them already.
  const wanted =
    fault === 'breaker-open' ? retryAfterMs : Math.max(asked, backOff * (1 - JITTER + 2 * JITTER * chance));
  const pause = Math.round(Math.min(wanted, mostMs(budget)));
  const shortest = Math.min(SHORTEST_ATTEMPT_MS, budget.wholeMs * SHORTEST_SHARE);
  return budget.leftMs - pause >= shortest ? pause : undefined;
}

/**
 * A pause that ends after the budget would end the step at once, although the provider may be back within it. So the next attempt always
 * fits: a whole one if there is time for it, otherwise half of what is left.
 */
const mostMs = ({ leftMs, attemptMs }: Budget): number => Math.max(leftMs - attemptMs, leftMs / 2);
