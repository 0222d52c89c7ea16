import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisStreamSink } from '../../../src/outbox/sinks/redis-stream';
import type { OwnServer } from '../../support/own-server';
import { startOwnValkey } from '../../support/own-valkey';
import { anEvent, interleaved, parcelOf } from '../../support/parcels';
import { testSinkContract } from '../../support/sink-contract';
import type { Stored } from '../../support/sink-contract';

let server: OwnServer;
beforeAll(async () => {
  server = await startOwnValkey();
});
afterAll(() => server.stop());

const url = () => `redis://${server.address}`;

async function asking<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url());
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

const fields = (stream: string): Promise<string[][]> =>
  asking(async (redis) => (await redis.xrange(stream, '-', '+')).map(([, entry]) => entry));

async function read(): Promise<Stored[]> {
  return (await fields('checkout-events')).map((entry) => {
    const event = JSON.parse(entry[3] ?? '') as { id: string; subject: string; sequence: string };
    const [message, replay] = [entry.slice(0, 4).join(), entry[4] === 'replay' ? entry[5] : entry[4]];
    return { id: event.id, checkoutId: event.subject, sequence: Number(event.sequence), message, replay };
  });
}

testSinkContract(() => ({ server, newSink: () => redisStreamSink({ url: url() }), read }));

test('writes the id and the event in structured mode', async () => {
  const event = anEvent();
  const sink = redisStreamSink({ url: url(), stream: 'written' });

  await sink.deliver([parcelOf(event)]);
  await sink.close();

  const [entry] = await fields('written');
  expect(entry).toEqual(['id', event.id, 'event', expect.any(String)]);
  expect(JSON.parse(entry?.[3] ?? '')).toEqual({
    specversion: '1.0',
    id: event.id,
    source: '/durable-checkout',
    type: 'com.durablecheckout.payment.authorized.v1',
    subject: event.checkoutId,
    time: '2026-11-24T08:00:00.123456Z',
    datacontenttype: 'application/json',
    sequence: '1',
    tenant: 'acme',
    traceparent: event.traceparent,
    data: { amount: { minor: 3000, currency: 'USD' } },
  });
});

test('drops the oldest entries beyond the number to keep', async () => {
  const sink = redisStreamSink({ url: url(), stream: 'short', keep: 100 });

  await sink.deliver(interleaved(['chk_1'], { to: 1_000 }));
  await sink.close();

  // Redis trims by whole nodes of a hundred entries.
  expect((await fields('short')).length).toBeLessThanOrEqual(200);
});

test('throws, and adds nothing, if the key holds something else', async () => {
  await asking((redis) => redis.set('taken', 'by a text'));
  const sink = redisStreamSink({ url: url(), stream: 'taken' });

  await expect(sink.deliver(interleaved(['chk_1'], { to: 2 }))).rejects.toThrow('WRONGTYPE');

  await sink.close();
});

test('throws, and adds nothing, while Redis is out of memory', async () => {
  const sink = redisStreamSink({ url: url(), stream: 'full' });
  await asking((redis) => redis.config('SET', 'maxmemory', '1'));

  await expect(sink.deliver(interleaved(['chk_1'], { to: 2 }))).rejects.toThrow();

  await asking((redis) => redis.config('SET', 'maxmemory', '0'));
  expect(await fields('full')).toEqual([]);
  await sink.deliver(interleaved(['chk_1'], { to: 2 }));
  expect(await fields('full')).toHaveLength(2);
  await sink.close();
});

test.each([
  ['noeviction', false],
  ['volatile-lru', false],
  ['allkeys-lru', true],
  ['allkeys-random', true],
])('says whether the stream may be evicted: %s', async (policy, endangered) => {
  const sink = redisStreamSink({ url: url(), stream: 'endangered' });
  await asking((redis) => redis.config('SET', 'maxmemory-policy', policy));

  const danger = await sink.endangered?.();
  await asking((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction'));
  await sink.close();

  expect(danger?.includes(policy) ?? false).toBe(endangered);
});
