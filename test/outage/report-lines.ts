import type { Report } from './outage';

export function reportLines({ provider, seconds, rate, calls, attempts, ends, failures }: Report): string {
  const row = (name: string, value: string) => `  ${name.padEnd(34)}${value}`;
  return [
    '',
    row('orders', `${ends.orders} at ${rate} a second`),
    row('completed, refused, not ended', `${ends.completed}, ${ends.refused}, ${ends.unended}`),
    row(`calls in each 10 of the ${seconds} s`, calls.join(' ')),
    ...Object.entries(attempts).map(([outcome, count]) => row(`attempts: ${outcome}`, String(count))),
    row(
      'an order took: p50, p99, longest',
      [ends.p50Seconds, ends.p99Seconds, ends.longestSeconds].map(inSeconds).join(', '),
    ),
    row('after it the last passed the step', inSeconds(ends.lastPassedSeconds)),
    row('and ended', inSeconds(ends.lastEndedSeconds)),
    '',
    ...failures.map((failure) => `NOT SHOWN ${failure}`),
    failures.length === 0 ? `An outage of ${provider} refused nothing.` : 'Not as promised.',
    '',
  ].join('\n');
}

const inSeconds = (value: number): string => `${value.toFixed(1)} s`;
