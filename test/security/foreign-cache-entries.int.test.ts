import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { Redis } from 'ioredis';
import { buildApp } from '../../api/app';
import type { ReplayCache } from '../../src/idempotency/replay-cache';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { cacheOver } from '../support/cache-over';
import { eventually } from '../support/eventually';
import { testEnvironment } from '../support/environment';
import { claimsOf, complete, idOf, replayed } from '../api/setup';
import { calm } from './calm';

let world: ApiWorld;
/** Unlike the API's own client it has no short timeout. It also plays the intruder, who reads and writes in Redis. */
let redis: Redis;
/** The process that placed and answered the checkouts. */
let app: FastifyInstance;
/** Another process of the same service, which has seen none of the keys; its cache, and how often it asked Redis. */
let other: FastifyInstance;
let cache: ReplayCache;
let asked = 0;
beforeAll(async () => {
  world = await apiWorld();
  redis = new Redis(testEnvironment('TEST_REDIS_URL'));
  app = await buildApp({ ...world.options, cache: cacheOver(redis, world.db, world.clock.now) });
  const counted: ReplayCache = {
    get: (...which) => ((asked += 1), cache.get(...which)),
    set: (...what) => cache.set(...what),
    rejected: () => cache.rejected(),
  };
  other = await buildApp({ ...world.options, cache: counted });
});
beforeEach(async () => {
  cache = cacheOver(redis, world.db, world.clock.now);
  asked = 0;
  await Promise.all([calm(app), calm(other)]);
});
afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
  redis.disconnect();
  await world.close();
});

const WAITING = { prefer: 'wait=1' };

async function entryOf(key: string, kind: 'acceptance' | 'outcome' = 'acceptance') {
  // It is written beside the answer, which does not wait for it.
  const name = await eventually(async () => (await redis.keys(`*:${kind}:*${key}`))[0]);
  return { name, bytes: (await redis.getBuffer(name)) ?? Buffer.of() };
}

/** A placed checkout, and its cache entry. */
async function placed() {
  const key = aKey();
  const first = await place(app, { key });
  return { key, first, ...(await entryOf(key)) };
}

const rejectedBy = async (process: FastifyInstance): Promise<Record<string, number>> => {
  const lines = (await process.inject('/metrics')).body.matchAll(
    /^durable_checkout_replay_cache_rejected_total\{flaw="([\w-]+)"\} (\d+)$/gm,
  );
  return Object.fromEntries([...lines].map(([, flaw = '', count]) => [flaw, Number(count)]));
};

test('answers from a genuine entry, for acceptance and outcome, in every process', async () => {
  const { key, first } = await placed();
  const again = await place(other, { key });
  expect([again.body, again.headers['location']]).toEqual([first.body, first.headers['location']]);
  await world.starter.idle();
  await complete(world, idOf(first));
  const outcome = await place(app, { key, headers: WAITING });
  const lookedUp = await place(other, { key, headers: WAITING });

  expect([outcome.statusCode, lookedUp.body]).toEqual([201, outcome.body]);
  await entryOf(key, 'outcome');
  await world.db.query(`delete from idempotency_claims where key = $1`, [key]);
  // Postgres no longer has this answer.
  const claim = { tenant: 'acme', operation: 'POST /v1/checkouts', key };
  expect((await cacheOver(redis, world.db, world.clock.now).get('outcome', claim))?.answer.body.toString()).toBe(
    outcome.body,
  );
  expect(Object.values(await rejectedBy(other))).toEqual([0, 0, 0, 0]);
});

test('ignores a foreign acceptance under an unused key: the order is placed and gets its own answer', async () => {
  const { key, name, bytes, first } = await placed();
  const unused = aKey();
  await redis.set(name.replace(key, unused), bytes);

  const answer = await place(other, { key: unused });

  expect([answer.statusCode, replayed(answer)]).toEqual([202, false]);
  expect(idOf(answer)).not.toBe(idOf(first));
  expect(await claimsOf(world, unused)).toBe(1);
  expect(await rejectedBy(other)).toMatchObject({ forged: 1 });
});

test('ignores the acceptance of another tenant under the same key', async () => {
  const { key, name, bytes, first } = await placed();
  await redis.set(name.replace(':acme:', ':globex:'), bytes);

  const answer = await place(other, { key, apiKey: 'sk_sandbox_globex' });

  expect([answer.statusCode, replayed(answer)]).toEqual([202, false]);
  expect(idOf(answer)).not.toBe(idOf(first));
});

test('ignores an acceptance in the place of an outcome', async () => {
  const { key, name, bytes } = await placed();
  await redis.set(name.replace(':acceptance:', ':outcome:'), bytes);

  const answer = await place(other, { key, headers: WAITING });

  expect([answer.statusCode, answer.headers['preference-applied']]).toEqual([202, 'respond-async']);
});

describe('an entry that was changed', () => {
  test.each([
    ['a cookie', '"headers":{', '"headers":{"set-cookie":"session=evil",'],
    ['another location', '"location":"/v1/', '"location":"//evil.example/'],
    ['a header with CR/LF', '"headers":{', '"headers":{"x-a":"b\\r\\nset-cookie: a=b",'],
    ['another status', '"status":202', '"status":201'],
    ['an invalid status', '"status":202', '"status":99'],
    ['another body', '"state":"accepted"', '"state":"completed"'],
    ['an end in a thousand years', /"until":\d+/, '"until":33333333333333'],
    ['the fingerprint of another body', /"fingerprint":"\w/, '"fingerprint":"_'],
  ])('to have %s is a miss, counted, and replaced', async (_what, before, after) => {
    const { key, name, bytes, first } = await placed();
    const changed = Buffer.from(bytes.toString('latin1').replace(before, after), 'latin1');
    expect(changed.equals(bytes)).toBe(false);
    await redis.set(name, changed);

    const answer = await place(other, { key });

    expect([answer.statusCode, answer.body, answer.headers['location']]).toEqual([
      ...[202, first.body, first.headers['location']],
    ]);
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(await rejectedBy(other)).toMatchObject({ forged: 1 });
    const third = cacheOver(redis, world.db, world.clock.now);
    const claim = { tenant: 'acme', operation: 'POST /v1/checkouts', key };
    expect((await third.get('acceptance', claim))?.answer.body.toString()).toBe(first.body);
  });
});

describe('something that was never an entry', () => {
  const HEAD = { until: 33333333333333, fingerprint: 'A'.repeat(43) + '=', status: 202, headers: {} };
  const head = (change: object) => `${JSON.stringify({ ...HEAD, ...change })}\n{}`;
  test.each([
    ...['x', '\n', 'null\n', '[]\n{}', '42\n', '"text"\n', '{}\n', '{}', '\u0000'.repeat(100)],
    ...[head({}), head({ status: 'ok' }), head({ status: 1e9 }), head({ status: null }), head({ status: 101 })],
    ...[head({ headers: null }), head({ headers: 'x' }), head({ headers: { a: 1 } }), head({ headers: { 'a b': '' } })],
    ...[head({ fingerprint: 42 }), head({ fingerprint: null }), head({ until: 'never' }), head({ until: null })],
  ])('%j is a miss, and counted', async (text) => {
    const { key, name, first } = await placed();
    await redis.set(name, text);

    const answer = await place(other, { key });

    expect([answer.statusCode, answer.body]).toEqual([202, first.body]);
    expect(await rejectedBy(other)).toMatchObject({ forged: 1 });
  });

  test.each([
    ['a list', (name: string) => redis.rpush(name, 'x')],
    ['a hash', (name: string) => redis.hset(name, 'x', 'y')],
    ['a stream', (name: string) => redis.xadd(name, '*', 'x', 'y')],
  ])('%s is a miss, counted, and does not stop the use of Redis', async (_type, write) => {
    const [{ key, name, first }, untouched] = [await placed(), await placed()];
    await redis.del(name);
    await write(name);

    const answer = await place(other, { key });

    expect([answer.statusCode, answer.body]).toEqual([202, first.body]);
    expect(await rejectedBy(other)).toMatchObject({ 'wrong-type': 1 });
    await world.db.query(`delete from idempotency_claims where key = $1`, [untouched.key]);
    expect((await place(other, { key: untouched.key })).body).toBe(untouched.first.body);
  });
});

test('treats 20 MB under a key as a miss, and does not fetch them', async () => {
  const { key, name, bytes, first } = await placed();
  await redis.set(name, Buffer.concat([bytes, Buffer.alloc(20_000_000, ' ')]));
  const sent = async () => Number(/tot-net-out=(\d+)/.exec(String(await redis.client('INFO')))?.[1]);
  const before = await sent();

  const answer = await place(other, { key });

  expect([answer.statusCode, answer.body]).toEqual([202, first.body]);
  expect((await sent()) - before).toBeLessThan(1_000_000);
  expect(await rejectedBy(other)).toMatchObject({ 'too-large': 1 });
});

test('a copy in memory lives no longer than its entry', async () => {
  const { key, first } = await placed();
  world.clock.advance(23.5 * 3_600_000);
  const answers = [await place(other, { key }), await place(other, { key })];
  expect(asked).toBe(1);

  world.clock.advance(0.6 * 3_600_000);
  answers.push(await place(other, { key }));

  expect(asked).toBe(2);
  expect(answers.map(({ body }) => body)).toEqual([first.body, first.body, first.body]);
});

test('a copy in memory lives no longer than the answers of its claim', async () => {
  const { key, first, name } = await placed();
  await world.db.query(
    `update idempotency_claims set accepted_at = now() - interval '30 days' + interval '1 hour' where key = $1`,
    [key],
  );
  await redis.del(name);
  await place(other, { key });
  const keptMs = await redis.pttl(name);
  expect([keptMs > 0, keptMs <= 3_600_000]).toEqual([true, true]);

  world.clock.advance(3_700_000);
  const answer = await place(other, { key });

  expect(asked).toBe(2);
  expect(answer.body).toBe(first.body);
});
