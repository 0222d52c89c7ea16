/** No place on earth is further from UTC than these offsets. */
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

/** For error messages. */
export const MOMENT_EXAMPLE = '2026-11-24T08:00:00Z';

/** Whether the text is a real moment with an offset: without one it means another moment on each machine. */
export function isMoment(text: string): boolean {
  const date = RFC_3339.exec(text)?.[1];
  if (date === undefined || date.startsWith('0000') || Number.isNaN(Date.parse(text))) return false;
  // `Date` reads 30 February as 2 March.
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
