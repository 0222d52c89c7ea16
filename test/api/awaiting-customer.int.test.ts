import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { WholeCheckout } from '../../src/checkouts/checkout-view';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { stepsBefore, unwinding } from '../support/checkout-world';
import { EventReader } from '../support/event-reader';
import { ASKS, SECRET, undecidedPayment } from '../support/undecided-payment';
import { idOf, replayed } from './setup';

const AFTER_THE_PAYMENT = 2;
const MERCHANT = 'sk_sandbox_acme';
const OPERATOR = 'sk_sandbox_operator';
const HELD = { outcome: 'authorized', reference: 'auth_1' } as const;

let world: ApiWorld;
let api: string;
let payment: ReturnType<typeof undecidedPayment>;
beforeAll(async () => {
  world = await apiWorld();
  api = await world.app.listen({ host: '127.0.0.1', port: 0 });
});
beforeEach(() => void (payment = undecidedPayment(world)));
afterAll(() => world.close());

const get = (path: string, apiKey = MERCHANT) =>
  world.app.inject({ url: path, headers: { authorization: `Bearer ${apiKey}` } });
const viewIn = (response: LightMyRequestResponse) => response.json<WholeCheckout>();
const orderOf = (checkoutId: string) => ({ checkoutId, tenant: 'acme' });

/** An order that has just been placed, and whose payment the processor has been asked for. */
async function placed(key = aKey()) {
  const accepted = await place(world.app, { key });
  const order = orderOf(idOf(accepted));
  await stepsBefore(payment.activities, order, AFTER_THE_PAYMENT);
  return { key, accepted, order, self: `/v1/checkouts/${order.checkoutId}` };
}

async function complete(order: ReturnType<typeof orderOf>): Promise<void> {
  payment.says(HELD);
  await stepsBefore(payment.activities, order, 6);
  await payment.activities.generateLabel(order);
}

const waiting = (key: string, seconds = 20) => place(world.app, { key, headers: { prefer: `wait=${seconds}` } });
const headersOf = ({ headers }: LightMyRequestResponse, ...names: string[]) => names.map((name) => headers[name]);

test('the checkout says where its customer approves, until the customer has', async () => {
  const { order, self } = await placed();

  const asked = viewIn(await get(self));
  payment.says(HELD);
  await payment.activities.authorizePayment(order);
  const approved = viewIn(await get(self));

  const nextAction = { type: 'redirect', url: ASKS.url, expiresAt: expect.stringMatching(/^20.*Z$/) };
  expect(asked).toMatchObject({ state: 'awaiting-customer', nextAction });
  expect(asked.steps[1]).toMatchObject({ name: 'payment-authorized', state: 'running' });
  // The deadline is nearer than the processor's.
  expect(Date.parse(asked.nextAction?.expiresAt ?? '')).toBeLessThan(Date.parse(ASKS.expiresAt));
  expect(approved).toMatchObject({ state: 'running', nextAction: null });
});

test('a list finds it by its state, and has no addresses', async () => {
  const { order } = await placed();

  const list = await get('/v1/checkouts?state=awaiting-customer&limit=1');

  expect(list.json()).toMatchObject({ checkouts: [{ id: order.checkoutId, state: 'awaiting-customer' }] });
  expect(list.body).not.toContain('nextAction');
});

test('while the processor decides by itself, there is nothing for the customer to do', async () => {
  payment.says({ outcome: 'pending' });
  const { self } = await placed();

  expect((await get(self)).json()).toMatchObject({ state: 'running', nextAction: null });
});

test('an operator is not told the address, on no route', async () => {
  const { order, self } = await placed();
  const reader = await EventReader.open(api, order.checkoutId, { apiKey: OPERATOR });
  await reader.until(({ events }) => events.length === AFTER_THE_PAYMENT);
  reader.hangUp();
  const routes = [self, '/v1/checkouts', ...['attention', 'stranded', 'outbox', 'outbox/dead-letters'].map(ofOps)];
  const answers = await Promise.all(routes.map((route) => get(route, OPERATOR)));

  expect(answers.map(({ statusCode }) => statusCode)).toEqual(routes.map(() => 200));
  expect(answers[0]?.json()).toMatchObject({ state: 'awaiting-customer', nextAction: null });
  expect(reader.types).toEqual(['order.created', 'payment.awaiting-customer']);
  expect(JSON.stringify([answers.map(({ body }) => body), reader.received])).not.toContain(SECRET);
});

const ofOps = (route: string) => `/v1/ops/${route}`;

test('a stream says at once what the customer has to do, and when there is nothing left to do', async () => {
  const { checkoutId } = orderOf(idOf(await place(world.app, { key: aKey() })));
  const reader = await EventReader.open(api, checkoutId);
  await stepsBefore(payment.activities, orderOf(checkoutId), AFTER_THE_PAYMENT);
  await reader.until(({ events }) => events.length === AFTER_THE_PAYMENT);
  const late = await EventReader.open(api, checkoutId);
  await late.until(({ events }) => events.length === AFTER_THE_PAYMENT);
  late.hangUp();
  await complete(orderOf(checkoutId));
  await reader.end();

  const nextAction = { type: 'redirect', url: ASKS.url };
  expect(reader.events[1]).toMatchObject({ data: { state: 'awaiting-customer', nextAction } });
  expect(late.received[0]).toMatchObject({ event: 'checkout', data: { nextAction } });
  expect(reader.events[2]).toMatchObject({ event: 'payment.authorized', data: { state: 'running' } });
  const over = await EventReader.open(api, checkoutId);
  await over.end();
  expect(over.types).toEqual(reader.types);
  expect(JSON.stringify(over.received)).not.toContain(SECRET);
});

test('an order whose customer is not asked has the same events as ever', async () => {
  const { checkoutId } = orderOf(idOf(await place(world.app, { key: aKey() })));
  await complete(orderOf(checkoutId));
  const reader = await EventReader.open(api, checkoutId);
  await reader.end();

  expect(reader.events[1]?.data).not.toHaveProperty('state');
});

test('neither the log of events nor Redis has the address', async () => {
  const { key, order } = await placed();
  await waiting(key);

  const { rows } = await world.db.query<{ event: string }>(
    `select event::text from outbox_events event where aggregateid = $1`,
    [order.checkoutId],
  );
  const keys = await world.redis.keys('*');
  const entries = await Promise.all(keys.map((name) => world.redis.get(name)));

  expect(JSON.stringify(rows)).toContain('payment.awaiting-customer');
  expect(JSON.stringify(rows)).not.toContain(SECRET);
  expect(keys.length).toBeGreaterThan(0);
  expect(entries.join()).not.toContain(SECRET);
});

test('a POST that waits is answered with the checkout as soon as the customer has to act', async () => {
  const { key, accepted, self } = await placed();

  const answers = [await waiting(key), await waiting(key)];

  const names = ['preference-applied', 'retry-after', 'cache-control', 'location', 'idempotent-replayed'];
  for (const answer of answers) {
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual((await get(self)).json());
    expect(headersOf(answer, ...names)).toEqual(['respond-async', '2', 'no-store', self, undefined]);
  }
  const again = await place(world.app, { key });
  expect([again.body, replayed(again)]).toEqual([accepted.body, true]);
});

test('a POST that waits already is answered when the customer has to act', async () => {
  const key = aKey();
  const answer = waiting(key);
  const accepted = await place(world.app, { key });

  await stepsBefore(payment.activities, orderOf(idOf(accepted)), AFTER_THE_PAYMENT);

  expect((await answer).json()).toMatchObject({ state: 'awaiting-customer', nextAction: { url: ASKS.url } });
});

test('the answer to a wait is not kept: the same key gets the outcome once there is one', async () => {
  const { key, order } = await placed();
  await waiting(key);

  await complete(order);
  const outcome = await waiting(key);
  await world.flushRedis();

  expect(outcome.statusCode).toBe(201);
  expect(outcome.json()).toMatchObject({ state: 'completed', nextAction: null });
  expect(replayed(outcome)).toBe(true);
  expect((await waiting(key)).body).toBe(outcome.body);
});

test('once it is being cancelled, nobody is asked, and a POST waits for the outcome', async () => {
  const { key, order, self } = await placed();
  const headers = { authorization: `Bearer ${MERCHANT}` };
  await world.app.inject({ method: 'POST', url: `${self}/cancel`, headers });
  const cancelling = viewIn(await get(self));
  const answer = waiting(key);

  const because = { ...unwinding(order), because: 'Cancelled' } as const;
  await payment.activities.voidPayment(because);
  await payment.activities.cancelOrder(because);

  expect(cancelling.nextAction).toBeNull();
  expect((await answer).json()).toMatchObject({ status: 409, code: 'cancelled' });
});

test('a POST goes on waiting while the processor decides by itself', async () => {
  payment.says({ outcome: 'pending' });
  const { key, accepted, order } = await placed();
  const inVain = await waiting(key, 1);
  const answer = waiting(key);

  await complete(order);

  expect([inVain.statusCode, inVain.body]).toEqual([202, accepted.body]);
  expect((await answer).statusCode).toBe(201);
});
