import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../api/app';
import type { AppOptions } from '../../api/app';
import { openRedis } from '../../src/runtime/redis';
import { SharedCounter } from '../../src/runtime/shared-counter';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { cacheOver } from '../support/cache-over';
import { codeOf } from '../api/setup';
import { calm } from './calm';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const LIMIT = 5;
const WINDOW_MS = 10_000;
const BURST = [200, 200, 200, 200, 200, 429, 429];

const limitedTo = (requestsPerWindow: number, overrides: Partial<AppOptions> = {}) =>
  buildApp({
    ...world.options,
    requestsPerWindow,
    counter: new SharedCounter(undefined, world.clock.now),
    ...overrides,
  });

interface Call {
  readonly url?: string;
  readonly apiKey?: string;
  readonly headers?: Record<string, string>;
  readonly remoteAddress?: string;
}

const get = (
  app: FastifyInstance,
  { url = '/v1/checkouts', apiKey = 'sk_sandbox_acme', headers, ...rest }: Call = {},
) => app.inject({ url, headers: { authorization: `Bearer ${apiKey}`, ...headers }, ...rest });

const burst = async (app: FastifyInstance, callAt: (at: number) => Call) => {
  const answers = [];
  for (const at of BURST.keys()) answers.push(await get(app, callAt(at)));
  return answers;
};

test('answers a burst of one API key with 429 and RateLimit headers, for the rest of the window, without affecting others', async () => {
  const app = await limitedTo(LIMIT);

  const answers = await burst(app, () => ({}));
  const refused = answers.at(-1);
  const other = await get(app, { apiKey: 'sk_sandbox_globex' });
  world.clock.advance(WINDOW_MS);
  const later = await get(app);
  await app.close();

  expect(answers.map(({ statusCode }) => statusCode)).toEqual(BURST);
  expect(answers.map(({ headers }) => headers['ratelimit-remaining'])).toEqual(['4', '3', '2', '1', '0', '0', '0']);
  expect([refused && codeOf(refused), refused?.headers]).toMatchObject([
    'too-many-requests',
    { 'ratelimit-limit': '5', 'ratelimit-reset': expect.stringMatching(/^([1-9]|10)$/) },
  ]);
  expect(refused?.headers['retry-after']).toBe(refused?.headers['ratelimit-reset']);
  expect([other.statusCode, later.statusCode]).toEqual([200, 200]);
});

test("ignores a spoofed X-Forwarded-For: a public page counts the connection's address, an API key counts as itself", async () => {
  const app = await limitedTo(LIMIT);
  const spoofed = (at: number) => ({
    ...{ 'x-forwarded-for': `203.0.113.${at}`, forwarded: `for=203.0.113.${at}`, 'x-real-ip': `203.0.113.${at}` },
  });

  const anonymous = await burst(app, (at) => ({ url: '/problems', headers: spoofed(at) }));
  const keyed = await burst(app, (at) => ({ headers: spoofed(at), remoteAddress: `203.0.113.${at}` }));
  const elsewhere = await get(app, { url: '/problems', remoteAddress: '203.0.113.9' });
  await app.close();

  expect(anonymous.map(({ statusCode }) => statusCode)).toEqual(BURST);
  expect(keyed.map(({ statusCode }) => statusCode)).toEqual(BURST);
  expect(elsewhere.statusCode).toBe(200);
});

test('counts requests for made-up paths too', async () => {
  const app = await limitedTo(LIMIT);

  const answers = await burst(app, (at) => ({ url: `/v1/made-up/${at}` }));
  await app.close();

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404, 429, 429]);
});

test('without Redis, still limits requests and accepts checkouts', async () => {
  const nowhere = openRedis('redis://127.0.0.1:1', () => undefined);
  if (!nowhere) throw new Error('There is a client, and no server');
  const counter = new SharedCounter(nowhere, world.clock.now);
  const app = await limitedTo(LIMIT, { counter, cache: cacheOver(nowhere, world.db, world.clock.now) });

  const placed = await place(app, { key: aKey() });
  await counter.share();
  const answers = await burst(app, () => ({}));
  await app.close();
  counter.stop();
  nowhere.disconnect();

  expect(placed.statusCode).toBe(202);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 429, 429, 429]);
});

test('counts a burst over several processes as one', async () => {
  const [one, other] = [1, 2].map(() => new SharedCounter(world.redis, world.clock.now)) as [
    SharedCounter,
    SharedCounter,
  ];
  const key = aKey();

  for (let request = 0; request < LIMIT; request += 1) one.count(key, WINDOW_MS);
  await one.share();
  other.count(key, WINDOW_MS);
  await other.share();
  const { current } = other.count(key, WINDOW_MS);
  one.stop();
  other.stop();

  expect(current).toBe(LIMIT + 2);
});
