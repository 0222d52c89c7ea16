import { readdirSync, readlinkSync } from 'node:fs';
import { memoryMbOf } from '../bench/checkout/processes';
import type { RunningStack } from '../support/running-stack';
import { parsePrometheus } from '../support/prometheus-text';

/** The resources that API and relay hold. */
export interface Held {
  readonly sockets: number;
  /** Open event streams. */
  readonly seats: number;
  readonly apiMb: number;
  readonly relayMb: number;
}

const socketsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // closed in the meantime
    }
  }).length;

export async function heldBy({ file }: RunningStack): Promise<Held> {
  const { api, relay } = file.pids;
  if (api === undefined || relay === undefined) throw new Error('A process of the service is not running');
  const metrics = parsePrometheus(await (await fetch(`${file.api}/metrics`)).text());
  return {
    sockets: socketsOf(api) + socketsOf(relay),
    seats: metrics.get('durable_checkout_event_streams_open')?.samples[0]?.value ?? NaN,
    apiMb: memoryMbOf(api),
    relayMb: memoryMbOf(relay),
  };
}

const MOST_MORE = 1.2;
/** Differences this small mean nothing: a pool opens one more connection, a client keeps one alive. */
const UNCOUNTED = 5;

/** What is still held although it is no longer needed. */
export const notFreed = (before: Held, after: Held): (keyof Held)[] =>
  (Object.keys(before) as (keyof Held)[]).filter((what) => after[what] > before[what] * MOST_MORE + UNCOUNTED);
