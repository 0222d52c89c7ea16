import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { digestOf } from '../../src/tenants/find-caller';
import { keepReplaying } from '../../src/outbox/relay/keep-replaying';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { accepted, stepsBefore } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { lanesOf } from '../support/outbox-lanes';
import { RecordingSink } from '../support/outbox-world';
import { codeOf, idOf } from './setup';

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());
beforeEach(() => world.db.query(`truncate outbox_cursors, outbox_parked, outbox_events, outbox_replays`));

const OPERATOR = 'sk_sandbox_operator';
const RANGE = { sink: 'redis', from: '2026-01-01T00:00:00Z', reason: 'The stream was evicted.' };

const get = (path: string, apiKey = OPERATOR) =>
  world.app.inject({ url: `/v1/ops/outbox${path}`, headers: { authorization: `Bearer ${apiKey}` } });

const post = (path: string, { body, key, apiKey = OPERATOR }: { body?: object; key?: string; apiKey?: string } = {}) =>
  world.app.inject({
    method: 'POST',
    url: `/v1/ops/outbox${path}`,
    headers: { authorization: `Bearer ${apiKey}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    ...(body === undefined ? {} : { payload: body }),
  });

const ask = (body: object, key?: string) => post('/replay', { body, ...(key === undefined ? {} : { key }) });

/** Two orders of another tenant and two of acme, whose events were delivered to the sink. */
async function delivered(sink = new RecordingSink('redis')) {
  for (const tenant of ['globex', 'acme', 'globex', 'acme']) {
    const order = await accepted(world.db);
    await stepsBefore(world.activities, order, 2);
    await world.db.query(`update outbox_events set tenant = $2 where aggregateid = $1`, [order.checkoutId, tenant]);
  }
  await (await lanesOf(world.db, sink)).passUntilIdle();
  const total = sink.taken.splice(0).length;
  return { sink, total };
}

test('is for operators only', async () => {
  const apiKey = 'sk_sandbox_acme';
  const answers = [
    await post('/replay', { apiKey, body: RANGE, key: aKey() }),
    await post('/replay', { apiKey, body: { ...RANGE, plan: true } }),
    await get('/replays/some-replay', apiKey),
    await post('/replays/some-replay/stop', { apiKey }),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403]);
  expect(new Set(answers.map(codeOf))).toEqual(new Set(['forbidden']));
});

test('plans a replay, runs it once for two requests with one key, and reports it to its end', async () => {
  const { sink, total } = await delivered();
  const key = aKey();

  const plan = await ask({ ...RANGE, plan: true });
  const asked = await ask(RANGE, key);
  const again = await ask(RANGE, key);
  const begun = await get(`/replays/${key}`);
  const owner = randomUUID();
  const relay = keepReplaying({ db: world.db, sinks: [sink], owner, logger: pino({ level: 'silent' }) });
  const ended = await eventually(async () => {
    const answer = await get(`/replays/${key}`);
    return answer.json<{ state: string }>().state === 'finished' ? answer : undefined;
  });
  await relay.stop();

  expect(total).toBeGreaterThan(0);
  expect([plan.statusCode, plan.json()]).toMatchObject([200, { events: total, orders: 4 }]);
  expect([asked.statusCode, asked.json()]).toMatchObject([202, { id: key, total }]);
  // The log begins later than the range.
  expect(asked.json()).toEqual({ id: key, total, goneBefore: plan.json<{ goneBefore: string }>().goneBefore });
  expect(asked.headers.location).toBe(`/v1/ops/outbox/replays/${key}`);
  expect([again.statusCode, again.body]).toEqual([202, asked.body]);
  expect(begun.json()).toEqual({ id: key, state: 'waiting', total, done: 0, refused: 0, failure: null });
  expect(ended.json()).toEqual({ id: key, state: 'finished', total, done: total, refused: 0, failure: null });
  expect(sink.taken.map((parcel) => parcel.replay)).toEqual(Array(total).fill(key));
  const { rows } = await world.db.query(`select operator, reason from outbox_replays`);
  expect(rows).toEqual([{ operator: digestOf(OPERATOR).toString('hex').slice(0, 16), reason: RANGE.reason }]);
});

test('a plan needs no key and starts nothing', async () => {
  await delivered();

  const plan = await ask({ ...RANGE, plan: true });

  expect(plan.statusCode).toBe(200);
  expect((await world.db.query(`select from outbox_replays`)).rowCount).toBe(0);
});

test('`to` ends the range', async () => {
  const { total } = await delivered();
  const { rows } = await world.db.query<{ third: string }>(
    `select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as third
       from outbox_events
      order by occurred_at
      limit 1
     offset 2`,
  );

  const plans = [await ask({ ...RANGE, to: rows[0]?.third, plan: true }), await ask({ ...RANGE, plan: true })];

  expect(plans.map((plan) => plan.json<{ events: number }>().events)).toEqual([2, total]);
});

test("a replay to a webhook has only its tenant's events", async () => {
  const { total } = await delivered(new RecordingSink('webhooks'));
  const created = await world.app.inject({
    ...{ method: 'POST', url: '/v1/webhooks', headers: { authorization: 'Bearer sk_sandbox_acme' } },
    // An IP address, so that no name is resolved.
    payload: { url: 'https://93.184.216.34/hooks' },
  });

  const plan = await ask({ ...RANGE, sink: 'webhooks', target: idOf(created), plan: true });

  expect([plan.statusCode, plan.json()]).toMatchObject([200, { events: total / 2, orders: 2 }]);
});

test('a stopped replay stays stopped', async () => {
  const { total } = await delivered();
  const key = aKey();
  await ask(RANGE, key);

  const stopped = await post(`/replays/${key}/stop`);
  const again = await post(`/replays/${key}/stop`);

  const document = { id: key, state: 'stopped', total, done: 0, refused: 0, failure: null };
  expect([stopped.json(), again.json(), (await get(`/replays/${key}`)).json()]).toEqual(Array(3).fill(document));
});

test.each([
  [
    { sink: 'settlement' },
    'sink',
    'The settlement is never replayed, because it takes money. Redrive its dead events instead.',
  ],
  [{ sink: 'kafka' }, 'sink', 'No such sink has run here: `GET /v1/ops/outbox` lists those that have.'],
  [{ target: 'whe_1' }, 'target', 'Only webhooks have targets: leave it out.'],
  [{ sink: 'webhooks' }, 'target', 'Name the webhook that has lost events.'],
  [{ sink: 'webhooks', target: 'whe_1' }, 'target', 'No such webhook.'],
  [{ from: 'yesterday' }, 'from', 'Use the form 2026-11-24T08:00:00Z.'],
  [{ from: '2026-02-30T00:00:00Z' }, 'from', 'Use the form 2026-11-24T08:00:00Z.'],
  [{ to: '2026-01-01 00:00' }, 'to', 'Use the form 2026-11-24T08:00:00Z.'],
  [{ from: '9000-01-01T00:00:00Z' }, 'from', 'It is in the future: there is nothing to replay yet.'],
  [{ to: RANGE.from }, 'to', 'It is not later than `from`: the range is empty.'],
])('refuses %j, as a plan or not, with a message that says what to fix', async (more, member, message) => {
  await delivered();
  await lanesOf(world.db, new RecordingSink('webhooks'));

  for (const plan of [true, false]) {
    const answer = await ask({ ...RANGE, ...more, plan }, aKey());

    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { code: 'invalid-request', errors: [{ field: `body.${member}`, message }] },
    ]);
  }
});

test('refuses invalid replay requests', async () => {
  await delivered();
  const key = aKey();
  await ask(RANGE, key);
  const answers = {
    keyless: await ask(RANGE),
    malformedKey: await ask(RANGE, 'short'),
    reused: await ask({ ...RANGE, from: '2026-01-02T00:00:00Z' }, key),
    otherReason: await ask({ ...RANGE, reason: 'Another.' }, key),
    blank: await ask({ ...RANGE, reason: ' ' }, aKey()),
    unknownField: await ask({ ...RANGE, tenant: 'acme' }, aKey()),
    odd: await ask({ ...RANGE, sink: "x' or true" }, aKey()),
    nobodys: await get('/replays/nobody-asked'),
    nothingToStop: await post('/replays/nobody-asked/stop'),
  };

  expect(Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, codeOf(answer)]))).toEqual({
    ...{ keyless: 'idempotency-key-missing', malformedKey: 'idempotency-key-invalid' },
    ...{ reused: 'idempotency-key-reused', otherReason: 'idempotency-key-reused', blank: 'invalid-request' },
    ...{ unknownField: 'invalid-request', odd: 'invalid-request', nobodys: 'not-found', nothingToStop: 'not-found' },
  });
});
