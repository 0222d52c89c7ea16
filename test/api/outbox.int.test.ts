import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { digestOf } from '../../src/tenants/find-caller';
import type { ParkedEvent } from '../../src/outbox/operators/dead-letters';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { accepted, stepsBefore } from '../support/checkout-world';
import { lanesOf } from '../support/outbox-lanes';
import { RecordingSink } from '../support/outbox-world';
import { codeOf } from './setup';

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());
beforeEach(() => world.db.query(`truncate outbox_cursors, outbox_parked, outbox_events`));

const OPERATOR = 'sk_sandbox_operator';
const REASON = { reason: 'The stream was too small.' };

const get = (path: string, apiKey = OPERATOR) =>
  world.app.inject({ url: `/v1/ops/outbox${path}`, headers: { authorization: `Bearer ${apiKey}` } });

const post = (path: string, { body, key, apiKey = OPERATOR }: { body?: object; key?: string; apiKey?: string } = {}) =>
  world.app.inject({
    method: 'POST',
    url: `/v1/ops/outbox${path}`,
    headers: { authorization: `Bearer ${apiKey}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    ...(body === undefined ? {} : { payload: body }),
  });

/** Orders with three events each, the first of which the sink refuses. */
async function withDead(orders: number) {
  const sink = new RecordingSink('redis');
  sink.script = () => ({ status: 'failed', reason: 'too large', retry: false });
  for (let order = 0; order < orders; order += 1) await stepsBefore(world.activities, await accepted(world.db), 2);
  const lanes = await lanesOf(world.db, sink);
  await lanes.pass();
  sink.script = () => ({ status: 'delivered' });
  return lanes;
}

test('is for operators only', async () => {
  const apiKey = 'sk_sandbox_acme';
  const answers = [
    ...[await get('', apiKey), await get('/dead-letters', apiKey), await get('/redrives/some-redrive', apiKey)],
    ...[await post('/redrive', { apiKey, body: REASON, key: aKey() }), await post('/redrives/x/stop', { apiKey })],
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403, 403]);
  expect(new Set(answers.map(codeOf))).toEqual(new Set(['forbidden']));
});

test('shows the lag of each sink and lane', async () => {
  const { relay } = await withDead(1);

  const { sinks } = (await get('')).json<{ sinks: { lanes: object[] }[] }>();

  expect(sinks).toMatchObject([
    {
      ...{ sink: 'redis', pending: 0, atLeast: false, oldestSeconds: null, perSecond: 0, delivered: 0 },
      parked: { waiting: 0, dead: 1 },
    },
  ]);
  expect(sinks[0]?.lanes).toHaveLength(8);
  expect(sinks[0]?.lanes[0]).toEqual({ shard: 0, owner: relay, epoch: 1, failingSince: null, failure: null });
});

test('lists dead letters by page, sink and state', async () => {
  await withDead(3);
  const page = async (query: string) =>
    (await get(`/dead-letters${query}`)).json<{ deadLetters: ParkedEvent[]; next: string | null }>();

  const first = await page('?limit=2');
  const second = await page(`?limit=2&cursor=${first.next}`);

  expect(first.deadLetters[0]).toMatchObject({
    sink: 'redis',
    target: '',
    sequence: 1,
    attempts: 1,
    reason: 'too large',
  });
  expect([first.deadLetters.length, second.deadLetters.length, second.next]).toEqual([2, 1, null]);
  expect((await page('?state=waiting')).deadLetters).toEqual([]);
  expect((await page('?state=behind')).deadLetters.length).toBeGreaterThan(0);
  expect((await page('?sink=kafka')).deadLetters).toEqual([]);
});

test.each([
  ['?state=gone', 'querystring.state'],
  ['?limit=0', 'querystring.limit'],
  ['?cursor=abc', 'querystring.cursor'],
  [`?cursor=${Buffer.from("redis  chk_1' or 1").toString('base64url')}`, 'querystring.cursor'],
  ['?tenant=acme', 'querystring.tenant'],
])('refuses %s by field name', async (query, field) => {
  const answer = await get(`/dead-letters${query}`);

  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'invalid-request', errors: [{ field }] });
});

test('plans a redrive, starts it once per key, and reports it to its end', async () => {
  const lanes = await withDead(2);
  const key = aKey();

  const plan = await post('/redrive', { body: { ...REASON, plan: true } });
  const asked = await post('/redrive', { body: REASON, key });
  const again = await post('/redrive', { body: REASON, key });
  const begun = await get(`/redrives/${key}`);
  await lanes.passUntilIdle();
  const ended = await get(`/redrives/${key}`);

  const { events: total } = plan.json<{ events: number }>();
  expect([plan.statusCode, plan.json()]).toMatchObject([200, { orders: 2, sinks: [{ sink: 'redis', orders: 2 }] }]);
  expect([asked.statusCode, asked.json()]).toEqual([202, { id: key, total, more: false }]);
  expect(asked.headers.location).toBe(`/v1/ops/outbox/redrives/${key}`);
  expect([again.statusCode, again.body]).toEqual([202, asked.body]);
  expect(begun.json()).toMatchObject({ state: 'running', total, remaining: total });
  expect(ended.json()).toEqual({ id: key, state: 'finished', total, done: total, remaining: 0, failedAgain: 0 });
  const { rows } = await world.db.query(`select operator, reason from outbox_redrives where id = $1`, [key]);
  expect(rows).toEqual([{ operator: digestOf(OPERATOR).toString('hex').slice(0, 16), reason: REASON.reason }]);
});

test('a stopped redrive leaves its events dead', async () => {
  await withDead(2);
  const key = aKey();
  await post('/redrive', { body: REASON, key });

  const stopped = await post(`/redrives/${key}/stop`);

  expect(stopped.json()).toMatchObject({ id: key, state: 'stopped', done: 0 });
  expect((await get('')).json()).toMatchObject({ sinks: [{ parked: { waiting: 0, dead: 2 } }] });
});

test('refuses invalid redrive requests', async () => {
  const key = aKey();
  await post('/redrive', { body: REASON, key });
  const answers = {
    keyless: await post('/redrive', { body: REASON }),
    reused: await post('/redrive', { body: { ...REASON, sink: 'kafka' }, key }),
    blank: await post('/redrive', { body: { reason: ' ' }, key: aKey() }),
    unknownField: await post('/redrive', { body: { ...REASON, tenant: 'acme' }, key: aKey() }),
    odd: await post('/redrive', { body: { ...REASON, sink: "x' or true" }, key: aKey() }),
    nobodys: await get('/redrives/nobody-asked'),
    nothingToStop: await post('/redrives/nobody-asked/stop'),
  };

  expect(Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, codeOf(answer)]))).toEqual({
    ...{ keyless: 'idempotency-key-missing', reused: 'idempotency-key-reused', blank: 'invalid-request' },
    ...{ unknownField: 'invalid-request', odd: 'invalid-request', nobodys: 'not-found', nothingToStop: 'not-found' },
  });
});
