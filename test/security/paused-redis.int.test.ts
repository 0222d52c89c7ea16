import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../api/app';
import type { ReplayCache } from '../../src/idempotency/replay-cache';
import { SharedCounter } from '../../src/runtime/shared-counter';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { cacheOver } from '../support/cache-over';
import { eventually } from '../support/eventually';
import type { OwnServer } from '../support/own-server';
import { startOwnValkey } from '../support/own-valkey';
import { readyRedis } from '../support/ready-redis';
import { replayed } from '../api/setup';
import { calm } from './calm';

/** Far longer than the client waits for an answer. */
const PAUSED_MS = 5_000;

let world: ApiWorld;
let valkey: OwnServer;
beforeAll(async () => {
  [world, valkey] = [await apiWorld(), await startOwnValkey()];
});
afterAll(async () => {
  await world.close();
  await valkey.stop();
});

/** A process over a Redis that a test may pause; it caches no answers in memory. */
async function apiOver(url: string) {
  const redis = await readyRedis(url);
  const counter = new SharedCounter(redis, world.clock.now);
  const cache = cacheOver(redis, world.db, world.clock.now);
  const app = await buildApp({ ...world.options, cache, counter });
  await calm(app);
  const close = async () => {
    counter.stop();
    await app.close();
    redis.disconnect();
  };
  return { app, cache, asked: jest.spyOn(redis, 'getrangeBuffer'), close };
}

test('while Redis is paused (CLIENT PAUSE), one request waits briefly, all are answered, and later Redis is used again', async () => {
  const url = `redis://${valkey.address}`;
  const [redis, api, other] = [new Redis(url), await apiOver(url), await apiOver(url)];
  const keptIn = async (cache: ReplayCache, key: string) =>
    eventually(() => cache.get('acceptance', { tenant: 'acme', operation: 'POST /v1/checkouts', key }));
  const keys = Array.from({ length: 20 }, () => aKey());
  const placeAll = async () => {
    const answers: LightMyRequestResponse[] = [];
    // One after the other: those after the first must not wait again.
    for (const key of keys) answers.push(await place(api.app, { key }));
    return answers;
  };
  await redis.client('PAUSE', PAUSED_MS, 'ALL');

  const first = await placeAll();
  expect(api.asked).toHaveBeenCalledTimes(1);
  const again = await placeAll();

  expect(first.map(({ statusCode }) => statusCode)).toEqual(keys.map(() => 202));
  expect(first.some(replayed)).toBe(false);
  expect(again.map(({ body }) => body)).toEqual(first.map(({ body }) => body));
  expect(again.every(replayed)).toBe(true);
  // Answered when the pause is over.
  await redis.ping();
  world.clock.advance(1_001);
  const key = aKey();
  const answer = await place(api.app, { key });
  expect((await keptIn(other.cache, key)).answer.body.toString()).toBe(answer.body);
  await Promise.all([api.close(), other.close()]);
  redis.disconnect();
});
