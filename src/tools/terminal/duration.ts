const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const twoDigits = (value: number) => String(Math.floor(value)).padStart(2, '0');

/** `0.4 s`, `2 min 05 s`, `3 h 07 min`. Never below zero: two clocks may disagree a little. */
export function duration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < MINUTE) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min ${twoDigits((length % MINUTE) / SECOND)} s`;
  return `${Math.floor(length / HOUR)} h ${twoDigits((length % HOUR) / MINUTE)} min`;
}

/** How long a checkout took, or has taken so far. */
export const elapsedMs = (span: { readonly acceptedAt: string; readonly endedAt?: string | null }, nowMs: number) =>
  (span.endedAt ? Date.parse(span.endedAt) : nowMs) - Date.parse(span.acceptedAt);
