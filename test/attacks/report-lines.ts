import type { Latency, Report } from './beside-attacks';
import type { Held } from './held';

const WIDTH = 14;
const row = (...cells: readonly (string | number)[]): string =>
  cells.map((cell) => String(cell).padStart(WIDTH)).join('');

/** What the other tenant noticed, and which resources were held. */
export function reportLines({
  failures,
  machine,
  without,
  elsewhere,
  beside,
  ratio,
  ratioToQuiet,
  tries,
  logBytes,
  ...held
}: Report): string {
  const latency = (name: string, { orders, p50Ms, p95Ms, longestMs }: Latency) =>
    row(name, orders, p50Ms, p95Ms, longestMs);
  const holding = (name: string, { sockets, seats, apiMb, relayMb }: Held) => row(name, sockets, seats, apiMb, relayMb);
  return [
    '',
    machine,
    row('', 'ORDERS', 'P50 MS', 'P95 MS', 'LONGEST MS'),
    latency('without', without),
    latency('elsewhere', elsewhere),
    latency('beside', beside),
    `With the attacks the p95 is ${ratio.toFixed(2)} times as long as with the same orders and the attacks elsewhere, and ${ratioToQuiet.toFixed(2)} times as long as without the attacker.`,
    '',
    row('HELD', 'SOCKETS', 'SEATS', 'API MB', 'RELAY MB'),
    holding('before', held.before),
    holding('most', held.most),
    holding('after', held.after),
    '',
    ...Object.entries(tries).map(([name, times]) => `${String(times).padStart(WIDTH)} × ${name}`),
    `${String(logBytes).padStart(WIDTH)} bytes logged by the API during the attacks`,
    ...failures.map((failure) => `NOT AS PROMISED ${failure}`),
    '',
  ].join('\n');
}
