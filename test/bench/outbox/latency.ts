import { setTimeout as rest } from 'node:timers/promises';
import { openDatabase } from '../../../src/postgres/database';
import type { Database } from '../../../src/postgres/database';
import type { Arena } from './arena';
import { Arrivals } from './arrivals';
import { announce, makeOrders } from './events';
import { prepare } from './prepare';
import type { System } from './system';

const CONNECTIONS = 10;
/** The first ones meet empty caches and uncompiled code. */
const WARM_UP = 20;
const MS = 1_000;

export interface Probe {
  readonly system: System;
  readonly events: number;
  /** The pause between two events. */
  readonly everyMs: { readonly from: number; readonly to: number };
  readonly openTransaction: boolean;
}

export interface Latency {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor milliseconds of the system's process per event. */
  readonly cpuMs: number;
}

/**
 * From the return of each event's commit until a reader of the stream has the event, all by the clock of this process. Events that
 * the package loses are left out; with the others a loss is an error.
 */
export async function latency(arena: Arena, { system, events, everyMs, openTransaction }: Probe): Promise<Latency> {
  const orders = await makeOrders(arena.client, events + WARM_UP);
  const other = await prepare(arena, { system, openTransaction });
  const db = openDatabase(arena.site.databaseUrl, { connections: CONNECTIONS, onIdleError: () => undefined });
  const arrivals = new Arrivals(arena.site);
  const contestant = arena.contestants[system];
  await contestant.start(arena.site);
  try {
    const began = performance.now();
    const commits: Promise<Commit>[] = [];
    for (const [number, order] of orders.entries()) {
      commits.push(commit(db, system, order));
      // Scheduled by the clock, not from the last event: timers are late, which would lower the rate.
      await rest(began + (number + 1) * everyMs.from + Math.random() * (everyMs.to - everyMs.from) - performance.now());
    }
    const perSecond = Math.round((orders.length / (performance.now() - began)) * MS);
    const committed = await Promise.all(commits);
    const arrived = await arrivals.of(orders);
    const took = committed.slice(WARM_UP).map(({ order, at }) => (arrived.get(order) ?? NaN) - at);
    const lost = took.filter(Number.isNaN).length;
    if (lost > 0 && system !== 'package') throw new Error(`${system} lost ${lost} of ${events} events`);
    const cpuMs = await contestant.stop();
    return {
      perSecond,
      p50Ms: percentile(took, 50),
      p99Ms: percentile(took, 99),
      cpuMs: Number((cpuMs / orders.length).toFixed(3)),
    };
  } finally {
    arrivals.close();
    await db.close();
    await other.end();
  }
}

type Commit = { order: string; at: number };

async function commit(db: Database, system: System, order: string): Promise<Commit> {
  await db.transaction((tx) => announce(tx, system, order));
  return { order, at: performance.now() };
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return Number((sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN).toFixed(1));
}
