/** Longer than a checkout takes, shorter than the proxies between us and the client. */
const LONGEST_WAIT_SECONDS = 30;

const WAIT = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/i;

/** The seconds of `Prefer: wait=N` (RFC 7240), at most 30; 0 without it. Other preferences are ignored, as the RFC wants. */
export function waitOf(prefer: string | readonly string[] | undefined): number {
  if (prefer === undefined) return 0;
  const [, seconds] = WAIT.exec([prefer].flat().join(',')) ?? [];
  return Math.min(Number(seconds ?? 0), LONGEST_WAIT_SECONDS);
}
