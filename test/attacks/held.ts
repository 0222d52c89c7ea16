import { readdirSync, readlinkSync } from 'node:fs';
import { memoryMbOf } from '../bench/checkout/processes';
import type { RunningStack } from '../support/running-stack';
import { parsePrometheus } from '../support/prometheus-text';

/** What API and relay hold at a moment. */
export interface Held {
  readonly sockets: number;
  /** Of event streams. */
  readonly seats: number;
  readonly apiMb: number;
  readonly relayMb: number;
}

const socketsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // It was closed meanwhile.
    }
  }).length;

export async function heldBy({ file }: RunningStack): Promise<Held> {
  const { api, relay } = file.pids;
  if (api === undefined || relay === undefined) throw new Error('A part of the service does not run');
  const metrics = parsePrometheus(await (await fetch(`${file.api}/metrics`)).text());
  return {
    sockets: socketsOf(api) + socketsOf(relay),
    seats: metrics.get('durable_checkout_event_streams_open')?.samples[0]?.value ?? NaN,
    apiMb: memoryMbOf(api),
    relayMb: memoryMbOf(relay),
  };
}

const MOST_MORE = 1.2;
/** So few that a share of them says nothing: a pool opens one more, a client keeps one alive. */
const UNCOUNTED = 5;

/** What is still held although nobody needs it. */
export const notFreed = (before: Held, after: Held): (keyof Held)[] =>
  (Object.keys(before) as (keyof Held)[]).filter((what) => after[what] > before[what] * MOST_MORE + UNCOUNTED);
