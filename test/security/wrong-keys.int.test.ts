import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { buildApp } from '../../api/app';
import type { AppOptions } from '../../api/app';
import { createApiKey } from '../../src/tenants/create-api-key';
import { callerFinder, digestOf } from '../../src/tenants/find-caller';
import { SharedCounter } from '../../src/runtime/shared-counter';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { codeOf } from '../api/setup';
import { calm } from './calm';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const WINDOW_MS = 10_000;
/** Longer than a key is remembered. */
const FORGOTTEN_MS = 11_000;
/** How many wrong keys an address may try, where a key may make 5,000 requests. */
const WRONG_KEYS = 50;

/** Keys of our format that nobody has. */
const madeUp = () => `sk_live_${randomBytes(32).toString('base64url')}`;
const aMerchant = () => createApiKey(world.db, { tenant: 'acme', scope: 'merchant' });

/** An API process that remembers nothing yet, and a way to call it. */
async function aProcess(overrides: Partial<AppOptions> = {}) {
  const app = await buildApp({
    ...world.options,
    requestsPerWindow: WRONG_KEYS * 100,
    counter: new SharedCounter(undefined, world.clock.now),
    findCaller: callerFinder(world.db, { sandbox: true, now: world.clock.now }),
    ...overrides,
  });
  const ask = (apiKey: string, from: { remoteAddress?: string; headers?: Record<string, string>; url?: string } = {}) =>
    app.inject({
      url: from.url ?? '/v1/checkouts',
      headers: { authorization: `Bearer ${apiKey}`, ...from.headers },
      ...(from.remoteAddress !== undefined && { remoteAddress: from.remoteAddress }),
    });
  return { app, ask };
}

/** How often Postgres is asked about keys during `work`. */
async function lookUpsDuring(work: () => Promise<unknown>): Promise<number> {
  const queries = jest.spyOn(world.db, 'query');
  await work();
  const asked = queries.mock.calls.filter(([text]) => text.includes('from api_keys')).length;
  queries.mockRestore();
  return asked;
}

const statusesOf = (answers: readonly { statusCode: number }[]) => {
  const counts: Record<number, number> = {};
  for (const { statusCode } of answers) counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  return counts;
};

const many = <T>(length: number, each: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length }, (_, at) => each(at)));

test('refuses thousands of random keys before asking Postgres, while a known key goes on', async () => {
  const { app, ask } = await aProcess();
  const right = await aMerchant();
  await ask(right);

  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  const asked = await lookUpsDuring(async () => {
    for (let batch = 0; batch < 20; batch += 1) answers.push(...(await many(100, () => ask(madeUp()))));
  });
  const refused = answers.find(({ statusCode }) => statusCode === 429);
  const known = await ask(right);
  world.clock.advance(FORGOTTEN_MS);
  await many(WRONG_KEYS + 1, () => ask(madeUp()));
  const lookedUpAgain = await ask(right);
  await app.close();

  expect(statusesOf(answers)).toEqual({ 401: WRONG_KEYS, 429: 2_000 - WRONG_KEYS });
  expect(asked).toBe(WRONG_KEYS);
  expect([refused && codeOf(refused), refused?.headers['retry-after']]).toEqual([
    'too-many-requests',
    expect.stringMatching(/^([1-9]|10)$/),
  ]);
  expect(refused?.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect([known.statusCode, lookedUpAgain.statusCode]).toEqual([200, 200]);
});

test('stops an address after too many wrong keys until the window ends, and no other address', async () => {
  const { app, ask } = await aProcess();
  const [right, other] = [await aMerchant(), await aMerchant()];

  await many(WRONG_KEYS + 1, () => ask(madeUp()));
  const unknownHere = await ask(right);
  const elsewhere = await ask(other, { remoteAddress: '203.0.113.9' });
  world.clock.advance(WINDOW_MS);
  const later = await ask(right);
  await app.close();

  expect([unknownHere.statusCode, elsewhere.statusCode, later.statusCode]).toEqual([429, 200, 200]);
});

test('valid keys that a process sees for the first time do not count, however many come from one address', async () => {
  const { app, ask } = await aProcess();
  const keys = await many(WRONG_KEYS * 2, aMerchant);

  const answers = [];
  for (const key of keys) answers.push(await ask(key));
  const wrong = await many(WRONG_KEYS, () => ask(madeUp()));
  await app.close();

  expect(statusesOf(answers)).toEqual({ 200: WRONG_KEYS * 2 });
  expect(statusesOf(wrong)).toEqual({ 401: WRONG_KEYS });
});

test.each([
  'no-such-key',
  'sk_live_short',
  `sk_live_${'='.repeat(43)}`,
  `${'sk_live_'.repeat(8)}`,
  'sk_sandbox_nobody',
])('answers a malformed key such as %s with 401, limited like others, without asking Postgres', async (key) => {
  const { app, ask } = await aProcess();

  let answers: Awaited<ReturnType<typeof ask>>[] = [];
  const asked = await lookUpsDuring(async () => void (answers = await many(WRONG_KEYS + 5, () => ask(key))));
  await app.close();

  expect(statusesOf(answers)).toEqual({ 401: WRONG_KEYS, 429: 5 });
  expect(asked).toBe(0);
});

test('made-up keys from thousands of addresses do not push a valid key out of the cache', async () => {
  const findCaller = callerFinder(world.db, { sandbox: false, now: world.clock.now });
  const right = await aMerchant();
  await findCaller(right);

  for (let batch = 0; batch < 51; batch += 1) await many(200, async () => findCaller(madeUp()));

  expect(findCaller(right)).toMatchObject({ tenant: 'acme' });
});

test('asks Postgres once for a key that hundreds of requests use at the same time', async () => {
  const findCaller = callerFinder(world.db, { sandbox: false, now: world.clock.now });
  const [right, wrong] = [await aMerchant(), madeUp()];

  const asked = await lookUpsDuring(() => many(300, async (at) => findCaller(at % 2 === 0 ? right : wrong)));

  expect(asked).toBe(2);
});

test('limits the connections that unknown keys may use, and answers the rest with 503 and Retry-After', async () => {
  const most = { now: 0, ever: 0 };
  const query = world.db.query.bind(world.db);
  const counted = {
    query: async (...args: Parameters<typeof query>) => {
      most.now += 1;
      most.ever = Math.max(most.ever, most.now);
      return query(...args).finally(() => (most.now -= 1));
    },
  };
  const findCaller = callerFinder(counted as typeof world.db, { sandbox: false, now: world.clock.now });
  const { app, ask } = await aProcess({ findCaller });

  const answers = await many(3_000, (at) => ask(madeUp(), { remoteAddress: `198.51.${at >> 8}.${at & 255}` }));
  await calm(app);
  const afterwards = await ask(await aMerchant());
  await app.close();

  expect(most.ever).toBeLessThanOrEqual(4);
  expect(Object.keys(statusesOf(answers))).toEqual(['401', '503']);
  expect(answers.find(({ statusCode }) => statusCode === 503)?.headers['retry-after']).toBeDefined();
  expect(afterwards.statusCode).toBe(200);
});

test('refuses a revoked key once it is looked up again', async () => {
  const { app, ask } = await aProcess();
  const key = await aMerchant();

  const before = await ask(key);
  await world.db.query(`update api_keys set revoked_at = now() where digest = $1`, [digestOf(key)]);
  world.clock.advance(FORGOTTEN_MS);
  const after = await ask(key);
  await app.close();

  expect([before.statusCode, after.statusCode]).toEqual([200, 401]);
});

test('counts one IPv6 network as one address, and two as two', async () => {
  const { app, ask } = await aProcess();
  const at = (network: string, host: number) => ({ remoteAddress: `2001:db8:0:${network}::${host.toString(16)}` });

  const flood = await many(WRONG_KEYS * 2, (host) => ask(madeUp(), at('7', host + 1)));
  const neighbour = await ask(madeUp(), at('8', 1));
  await app.close();

  expect(statusesOf(flood)).toEqual({ 401: WRONG_KEYS, 429: WRONG_KEYS });
  expect(neighbour.statusCode).toBe(401);
});

test('trusts X-Forwarded-For from configured proxies only', async () => {
  const { app, ask } = await aProcess({ trustedProxies: '127.0.0.1,10.0.0.0/8' });
  const through = (proxy: string, client: string) => ({
    remoteAddress: proxy,
    headers: { 'x-forwarded-for': `192.0.2.1, ${client}` },
  });

  const flood = await many(WRONG_KEYS + 5, () => ask(madeUp(), through('127.0.0.1', '203.0.113.1')));
  const beside = await ask(madeUp(), through('10.2.3.4', '203.0.113.2'));
  const spoofed = await many(WRONG_KEYS + 5, (at) => ask(madeUp(), through('198.51.100.7', `203.0.113.${at}`)));
  await app.close();

  expect(statusesOf(flood)).toEqual({ 401: WRONG_KEYS, 429: 5 });
  expect(beside.statusCode).toBe(401);
  expect(statusesOf(spoofed)).toEqual({ 401: WRONG_KEYS, 429: 5 });
});

test('counts requests with an insufficient scope too', async () => {
  const { app, ask } = await aProcess({ requestsPerWindow: 5 });

  const answers = [];
  for (let at = 0; at < 7; at += 1) answers.push(await ask('sk_sandbox_acme', { url: '/v1/ops/attention' }));
  await app.close();

  expect(statusesOf(answers)).toEqual({ 403: 5, 429: 2 });
});

test('a wrong key costs no more than a plain request', async () => {
  const { app, ask } = await aProcess();
  const took = async (each: () => Promise<unknown>) => {
    const since = performance.now();
    for (let at = 0; at < 300; at += 1) await each();
    return performance.now() - since;
  };
  await ask('sk_sandbox_acme');
  await many(WRONG_KEYS, () => ask(madeUp()));

  const plain = await took(() => ask('sk_sandbox_acme'));
  const wrong = await took(() => ask(madeUp()));
  await app.close();

  expect(wrong / plain).toBeLessThan(2);
});
