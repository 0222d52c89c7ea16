import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { STEPS } from '../../src/domain/steps';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { accepted, eventsOf, stepsBefore, unwinding } from '../support/checkout-world';
import { EventReader } from '../support/event-reader';
import { complete } from './setup';

const EVENTS_OF_A_COMPLETED = 8;

let world: ApiWorld;
let api: string;
beforeAll(async () => {
  world = await apiWorld();
  api = await world.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => world.close());

const get = (id: string) =>
  world.app.inject({ url: `/v1/checkouts/${id}`, headers: { authorization: 'Bearer sk_sandbox_acme' } });

test('sends each step as it happens, in order, and ends with the checkout', async () => {
  const order = await accepted(world.db);
  const reader = await EventReader.open(api, order.checkoutId);
  await reader.until(({ received }) => received.length === 1);

  for (const at of STEPS.keys()) {
    if (at < 6) await stepsBefore(world.activities, order, at + 1);
    else await world.activities.generateLabel(order);
    await reader.until(({ events }) => events.length > at);
  }

  expect(await reader.end()).toBe(true);
  expect(reader.received[0]).toMatchObject({ id: undefined, event: 'checkout', data: { state: 'accepted' } });
  expect(reader.types).toEqual(await eventsOf(world.db, order));
  expect(reader.events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(reader.events.map(({ data }) => data.step)).toEqual([...STEPS, undefined]);
  expect(reader.events[0]?.data).toEqual({
    sequence: 1,
    type: 'order.created',
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
    step: 'order-created',
    stepState: 'done',
    state: 'running',
    data: { total: { minor: 3000, currency: 'USD' }, lines: [{ sku: 'MUG-BLUE', quantity: 2 }] },
  });
  expect(reader.events.at(-1)?.data).toMatchObject({ type: 'checkout.completed', state: 'completed' });
});

test('sends headers that keep proxies from buffering or caching the stream', async () => {
  const { checkoutId } = await accepted(world.db);
  const reader = await EventReader.open(api, checkoutId);
  reader.hangUp();

  expect(reader.status).toBe(200);
  expect(reader.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'ratelimit-limit': '100000',
  });
});

test('resumes after Last-Event-ID without losing or repeating events', async () => {
  const order = await accepted(world.db);
  const before = await EventReader.open(api, order.checkoutId);
  await stepsBefore(world.activities, order, 2);
  await before.until(({ events }) => events.length === 2);
  before.hangUp();
  await complete(world, order.checkoutId);

  const after = await EventReader.open(api, order.checkoutId, { lastEventId: 2 });
  await after.end();

  expect([...before.types, ...after.types]).toEqual(await eventsOf(world.db, order));
  expect(after.events.map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8]);
});

test('resumes after any event', async () => {
  const order = await accepted(world.db);
  await complete(world, order.checkoutId);
  const types = await eventsOf(world.db, order);

  for (const lastEventId of types.keys()) {
    const reader = await EventReader.open(api, order.checkoutId, { lastEventId });
    await reader.end();
    expect(reader.types).toEqual(types.slice(lastEventId));
  }
});

test('sends a finished checkout as GET returns it, then all its events, then ends', async () => {
  const order = await accepted(world.db);
  await complete(world, order.checkoutId);

  const reader = await EventReader.open(api, order.checkoutId);

  expect(await reader.end()).toBe(true);
  expect(reader.received[0]?.data).toEqual((await get(order.checkoutId)).json());
  expect(reader.types).toEqual(await eventsOf(world.db, order));
});

test('sends the undos of a refused checkout, newest first, and the refusal', async () => {
  const order = await accepted(world.db);
  const reader = await EventReader.open(api, order.checkoutId);
  await stepsBefore(world.activities, order, 2);
  await world.activities.releaseStock(unwinding(order));
  await world.activities.voidPayment(unwinding(order));
  await world.activities.cancelOrder(unwinding(order));

  expect(await reader.end()).toBe(true);
  expect(reader.events.map(({ data }) => [data.step, data.stepState, data.state])).toEqual([
    ['order-created', 'done', 'running'],
    ['payment-authorized', 'done', undefined],
    ['payment-authorized', 'undone', undefined],
    ['order-created', 'undone', undefined],
    [undefined, undefined, 'refused'],
  ]);
  expect(reader.events.at(-1)?.data.data).toEqual({ code: 'out-of-stock' });
});

test('answers 204 to a client that has received the last event', async () => {
  const { checkoutId } = await accepted(world.db);
  await complete(world, checkoutId);

  const readers = await Promise.all(
    [EVENTS_OF_A_COMPLETED, 999, '9'.repeat(15)].map((lastEventId) =>
      EventReader.open(api, checkoutId, { lastEventId }),
    ),
  );

  expect(readers.map(({ status }) => status)).toEqual([204, 204, 204]);
});

test('waits after a Last-Event-ID beyond the last event, and ends with the checkout', async () => {
  const [alone, shared] = [await accepted(world.db), await accepted(world.db)];
  const ahead = await Promise.all(
    [alone, shared].map(({ checkoutId }) => EventReader.open(api, checkoutId, { lastEventId: 999 })),
  );
  const beside = await EventReader.open(api, shared.checkoutId);

  for (const { checkoutId } of [alone, shared]) await complete(world, checkoutId);

  expect(await Promise.all([...ahead, beside].map((reader) => reader.end()))).toEqual([true, true, true]);
  expect(ahead.map(({ received }) => received.map(({ event }) => event))).toEqual([['checkout'], ['checkout']]);
  expect(beside.events).toHaveLength(EVENTS_OF_A_COMPLETED);
});

test.each([
  '',
  ' ',
  '-1',
  '+1',
  '1.5',
  '1e3',
  'abc',
  '1, 2',
  '9'.repeat(16),
  '9'.repeat(4_000),
  ['1', '2'],
  ['1', '1'],
])('refuses Last-Event-ID %j by field name', async (lastEventId) => {
  const { checkoutId } = await accepted(world.db);

  const reader = await EventReader.open(api, checkoutId, { lastEventId });
  await reader.end();

  expect(reader.status).toBe(400);
  expect(JSON.parse(reader.text)).toMatchObject({
    code: 'invalid-request',
    errors: [{ field: 'headers.last-event-id' }],
  });
});

test("answers for another tenant's stream as for one that does not exist; an operator may follow it", async () => {
  const { checkoutId } = await accepted(world.db);
  const apiKey = 'sk_sandbox_globex';

  const theirs = await EventReader.open(api, checkoutId, { apiKey, lastEventId: 3 });
  const nobodys = await EventReader.open(api, `chk_${'0'.repeat(32)}`, { apiKey, lastEventId: 3 });
  const operators = await EventReader.open(api, checkoutId, { apiKey: 'sk_sandbox_operator' });
  operators.hangUp();
  await Promise.all([theirs.end(), nobodys.end()]);

  expect([theirs.status, nobodys.status, operators.status]).toEqual([404, 404, 200]);
  expect(theirs.text).toBe(nobodys.text);
});

test('answers 401 without a key, and does not hold a connection open for HEAD', async () => {
  const { checkoutId } = await accepted(world.db);

  const stranger = await EventReader.open(api, checkoutId, { apiKey: 'sk_sandbox_nobody' });
  const head = await EventReader.open(api, checkoutId, { method: 'HEAD' });

  expect([stranger.status, head.status]).toEqual([401, 405]);
});

test('links to the stream from the acceptance, the checkout and the documentation', async () => {
  const { checkoutId } = await accepted(world.db);
  const { paths } = (await world.app.inject('/openapi.json')).json<{
    paths: Record<string, { get: { responses: Record<string, { content?: object }> } }>;
  }>();

  expect((await get(checkoutId)).json()).toMatchObject({ links: { events: `/v1/checkouts/${checkoutId}/events` } });
  const { responses } = paths['/v1/checkouts/{id}/events']?.get ?? {};
  expect(Object.keys(responses?.['200']?.content ?? {})).toEqual(['text/event-stream']);
});
