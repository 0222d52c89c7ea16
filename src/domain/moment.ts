/** Offsets as far as there are any. */
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

/** How one is written, for those who wrote something else. */
export const MOMENT_EXAMPLE = '2026-11-24T08:00:00Z';

/** Whether it is a moment that exists, with its offset: without one it is another moment on each machine. */
export function isMoment(text: string): boolean {
  const date = RFC_3339.exec(text)?.[1];
  if (date === undefined || date.startsWith('0000') || Number.isNaN(Date.parse(text))) return false;
  // `Date` takes the 30th of February for the 2nd of March.
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
