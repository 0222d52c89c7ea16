import type { Dispatcher } from 'undici';

const MS_IN_A_SECOND = 1_000;

/** What `Retry-After` asks for: seconds, or a moment, which is compared with the answer's own `Date` and no clock of ours. */
export function retryAfterMs(headers: Dispatcher.ResponseData['headers']): number | undefined {
  const asked = headers['retry-after']?.toString().trim() ?? '';
  if (/^\d{1,9}$/.test(asked)) return Number(asked) * MS_IN_A_SECOND;
  const ms = Date.parse(asked) - Date.parse(headers['date']?.toString() ?? '');
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
