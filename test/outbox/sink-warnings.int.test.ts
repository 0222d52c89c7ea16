import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { sinkWarnings } from '../../src/outbox/relay/sink-warnings';
import { eventually } from '../support/eventually';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import type { OwnServer } from '../support/own-server';
import { startOwnValkey } from '../support/own-valkey';
import { startRelayProcess } from '../support/relay-process';
import type { RelayProcess } from '../support/relay-process';

let world: OutboxWorld;
let valkey: OwnServer;
const relays: RelayProcess[] = [];
beforeAll(async () => {
  [world, valkey] = await Promise.all([outboxWorld(), startOwnValkey()]);
});
afterEach(() => {
  for (const relay of relays.splice(0)) relay.kill();
});
afterAll(async () => {
  await valkey.stop();
  await world.close();
});

const EVICTS =
  'Redis may evict the whole stream checkout-events when its memory is full (maxmemory-policy allkeys-lru)';

async function startRelay(): Promise<RelayProcess> {
  const relay = await startRelayProcess({
    ...{ DATABASE_URL: world.databaseUrl, REDIS_URL: `redis://${valkey.address}`, SANDBOX_URL: '', SINKS: 'redis' },
  });
  relays.push(relay);
  return relay;
}

async function setPolicy(policy: string): Promise<void> {
  const redis = new Redis(`redis://${valkey.address}`);
  await redis.config('SET', 'maxmemory-policy', policy);
  redis.disconnect();
}

const said = (relay: RelayProcess, what: string) =>
  eventually(() => (relay.output().includes(what) ? true : undefined));

test('a relay whose Redis may evict events warns in its log and to operators, and the next relay does not repeat it', async () => {
  await setPolicy('allkeys-lru');

  const relay = await startRelay();
  await said(relay, EVICTS);

  expect(await sinkWarnings(world.db)).toEqual([{ sink: 'redis', warning: expect.stringContaining(EVICTS) }]);
  const next = await startRelay();
  // It finishes the pass that is under way before it ends.
  await next.stop();
  expect(next.output()).not.toContain(EVICTS);
});

test('the warning stays while the server is down', async () => {
  await valkey.kill();

  const relay = await startRelay();
  await relay.stop();

  expect(await sinkWarnings(world.db)).toHaveLength(1);
  await valkey.restart();
});

test('once the server no longer evicts, that is logged too, and operators are no longer warned', async () => {
  await setPolicy('noeviction');

  const relay = await startRelay();
  await said(relay, 'the sink no longer endangers its events');

  expect(await sinkWarnings(world.db)).toEqual([]);
});
