import { setTimeout as rest } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Arena } from './arena';
import { commitSample } from './events';
import { prepare } from './prepare';
import type { System } from './system';

const LOOK_EVERY_MS = 10;
const NO_MORE_AFTER_MS = 3_000;
const READ_AT_ONCE = 5_000;

export interface Drained {
  readonly perSecond: number;
  /** Processor milliseconds of the system's process per event. */
  readonly cpuMs: number;
}

export interface Drain {
  readonly system: System;
  readonly events: number;
  readonly mostMs: number;
  readonly openTransaction: boolean;
}

/** How fast committed events reach the stream, from the start of the system to the last event or the end of its time. */
export async function drain(arena: Arena, { system, events, mostMs, openTransaction }: Drain): Promise<Drained> {
  const { redis, client, site } = arena;
  const other = await prepare(arena, { system, openTransaction });
  try {
    await commitSample(client, system, events);
    await client.query(`vacuum analyze outbox_events, floor_events, outbox`);
    await client.query(`checkpoint`);

    const contestant = arena.contestants[system];
    const began = performance.now();
    await contestant.start(site);
    const { published, ms } = await progress(redis, { stream: site.stream, events, began, mostMs });
    const cpuMs = await contestant.stop();
    if (published >= events) await checkAllThere(redis, site.stream, events);
    const seconds = ms / 1_000;
    return { perSecond: Math.round(published / seconds), cpuMs: Number((cpuMs / published).toFixed(4)) };
  } finally {
    await other.end();
  }
}

/** How many events were published, and how long that took. Stops when time is up, too: events that the package lost never come. */
async function progress(
  redis: Redis,
  { stream, events, began, mostMs }: { stream: string; events: number; began: number; mostMs: number },
): Promise<{ published: number; ms: number }> {
  let [published, ms] = [0, 0];
  for (;;) {
    const now = await redis.xlen(stream);
    const elapsed = performance.now() - began;
    if (now > published) [published, ms] = [now, elapsed];
    if (published >= events || elapsed > mostMs || (published > 0 && elapsed - ms > NO_MORE_AFTER_MS)) break;
    await rest(LOOK_EVERY_MS);
  }
  return { published, ms };
}

/** A rate is worthless if events are missing or counted twice. */
async function checkAllThere(redis: Redis, stream: string, events: number): Promise<void> {
  const ids = new Set<string>();
  let from = '-';
  for (;;) {
    const entries = await redis.xrange(stream, from, '+', 'COUNT', READ_AT_ONCE);
    for (const [, [, id]] of entries) ids.add(id ?? '');
    const last = entries.at(-1);
    if (!last) break;
    from = `(${last[0]}`;
  }
  if (ids.size !== events)
    throw new Error(`${events} events were committed, but ${ids.size} distinct ones were published`);
}
