import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import { startRelayProcess } from '../support/relay-process';
import type { RelayProcess } from '../support/relay-process';

let world: OutboxWorld;
let redis: Redis;
const relays: RelayProcess[] = [];
beforeAll(async () => {
  world = await outboxWorld();
  redis = new Redis(testEnvironment('TEST_REDIS_URL'));
});
afterAll(async () => {
  for (const relay of relays) relay.kill();
  redis.disconnect();
  await world.close();
});

interface Entry {
  id: string;
  subject: string;
  sequence: string;
}

async function published(stream: string): Promise<{ bytes: string; event: Entry }[]> {
  const entries = await redis.xrange(stream, '-', '+');
  return entries.map(([, fields]) => {
    const bytes = fields[fields.indexOf('event') + 1] ?? '';
    return { bytes, event: JSON.parse(bytes) as Entry };
  });
}

/** How far each shard has got, and how often it has changed hands. */
async function cursors() {
  const { rows } = await world.db.query<{ epoch: bigint; xmax: bigint; owner: string | null }>(
    `select epoch, pg_snapshot_xmax(snapshot)::text::bigint as xmax, owner from outbox_cursors order by shard`,
  );
  return rows;
}

test('a relay process that is paused until another has its lanes, and then continues, leaves no gap and moves no cursor back', async () => {
  const stream = `events-${randomUUID()}`;
  const env = {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: testEnvironment('TEST_REDIS_URL'),
    REDIS_STREAM: stream,
    SINKS: 'redis',
  };
  const orders = await Promise.all(Array.from({ length: 16 }, (_, shard) => world.newCheckout(shard)));
  const seen: Awaited<ReturnType<typeof cursors>>[] = [];
  let rounds = 0;
  /** Emits events until `done`, so that a relay is always in the middle of something. */
  const emitUntil = (done: () => Promise<boolean>): Promise<true> =>
    eventually(async () => {
      rounds += 1;
      await Promise.all(orders.map((id) => world.emit(id)));
      seen.push(await cursors());
      return (await done()) ? true : undefined;
    });
  const epochs = async () => (await cursors()).map(({ epoch }) => Number(epoch));

  const first = await startRelayProcess(env);
  relays.push(first);
  await emitUntil(async () => (await redis.xlen(stream)) > 100);
  first.signal('SIGSTOP');
  const second = await startRelayProcess(env);
  relays.push(second);
  await emitUntil(async () => (await epochs()).every((epoch) => epoch >= 2));
  first.signal('SIGCONT');
  await emitUntil(async () => new Set((await cursors()).map(({ owner }) => owner)).size === 2);
  const last = await eventually(async () => {
    const entries = await published(stream);
    return new Set(entries.map(({ event }) => event.id)).size === rounds * orders.length ? entries : undefined;
  });
  expect(await Promise.all([first.stop(), second.stop()])).toEqual([0, 0]);

  const firsts = [...new Map(last.map(({ event }) => [event.id, event])).values()];
  for (const id of orders) {
    const sequences = firsts.filter(({ subject }) => subject === id).map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual(Array.from({ length: rounds }, (_, at) => at + 1));
  }
  expect(new Set(last.map(({ bytes }) => bytes)).size).toBe(firsts.length);
  for (const [at, now] of seen.entries()) {
    const before = seen[at - 1] ?? now;
    now.forEach(({ xmax }, shard) => expect(xmax).toBeGreaterThanOrEqual(before[shard]?.xmax ?? 0n));
  }
});
