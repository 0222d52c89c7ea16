const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** As Standard Webhooks recommends. 75.6 hours in total, so an endpoint may be down over a weekend. */
const AFTER_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
] as const;

/** Up to a tenth later, so that an endpoint that comes back is not flooded. */
const JITTER = 0.1;

/** Milliseconds until the next attempt, after this many; undefined if there is none. */
export function retryAfterMs(attempts: number): number | undefined {
  const afterMs = AFTER_MS[attempts - 1];
  return afterMs === undefined ? undefined : Math.round(afterMs * (1 + Math.random() * JITTER));
}
