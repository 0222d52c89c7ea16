import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OrderKey } from '../../src/contract/checkout';
import { settlementSink } from '../../src/outbox/sinks/settlement';
import { aKey } from '../support/builders';
import { eventsOf, stateOf, unwinding } from '../support/checkout-world';
import { labelOf } from '../support/completed-order';
import { inboxWorld } from './inbox-world';
import type { InboxWorld } from './inbox-world';

let world: InboxWorld;
beforeAll(async () => {
  world = await inboxWorld();
});
afterAll(() => world.close());

const REFUSED = { outcome: 'refused', reason: 'damaged' } as const;
const PACKED = { outcome: 'triggered', reference: 'ful_1' } as const;

async function refusedLater(steps: number): Promise<OrderKey> {
  const order = await world.acceptedByWarehouse({ steps });
  world.say(order, REFUSED);
  await world.send(order);
  await world.askWarehouses();
  return order;
}

const repair = (order: OrderKey, action: string, key = aKey()) =>
  world.app.inject({
    method: 'POST',
    url: `/v1/ops/checkouts/${order.checkoutId}/repair`,
    headers: { authorization: 'Bearer sk_sandbox_operator', 'idempotency-key': key },
    payload: { step: 'fulfillment-triggered', action, reason: 'Shipped from the other house.' },
  });

const capture = async (order: OrderKey) => {
  const sink = settlementSink({ db: world.db, providerOf: world.providers.providerOf });
  return (await sink.deliver([await labelOf(world, order)]))[0];
};

test('a warehouse that refuses after it had accepted calls operators, and changes neither state nor steps', async () => {
  const order = await world.acceptedByWarehouse({ steps: 7 });
  const before = await stateOf(world.db, order);
  world.say(order, REFUSED);

  await world.send(order);
  expect(await world.openCases(order)).toEqual([]);
  await world.askWarehouses();

  expect(await world.openCases(order)).toEqual([
    { kind: 'fulfillment', why: 'The warehouse accepted the order and then refused it: damaged' },
  ]);
  expect(await stateOf(world.db, order)).toEqual(before);
  expect((await eventsOf(world.db, order)).at(-1)).toBe('attention.raised');
});

test('a webhook alone decides nothing: the warehouse is asked, and what it says counts', async () => {
  const order = await world.acceptedByWarehouse();
  world.say(order, PACKED);

  await world.send(order);
  await world.askWarehouses();

  expect(world.asked).toContain(`${order.checkoutId}:fulfillment-triggered`);
  expect(await world.openCases(order)).toEqual([]);
});

test('the capture waits until an operator has settled it', async () => {
  const order = await refusedLater(7);

  expect(await capture(order)).toMatchObject({ status: 'failed', retry: 'without-end' });
  expect((await repair(order, 'resolve')).statusCode).toBe(200);

  expect(await capture(order)).toEqual({ status: 'delivered' });
  expect((await eventsOf(world.db, order)).slice(-2)).toEqual(['attention.cleared', 'payment.captured']);
});

test('a retry asks the warehouse again, which may pack after all', async () => {
  const order = await refusedLater(7);

  await repair(order, 'retry');
  await world.askWarehouses();
  expect(await world.openCases(order)).toHaveLength(1);
  world.say(order, PACKED);
  await repair(order, 'retry');
  await world.askWarehouses();

  expect(await world.openCases(order)).toEqual([]);
});

test('what an operator has settled is not raised again when the warehouse repeats itself', async () => {
  const order = await refusedLater(5);
  await repair(order, 'resolve');

  await world.send(order);
  await world.askWarehouses();

  expect(await world.openCases(order)).toEqual([]);
});

test('a repair that is repeated is done once, and two at once have one winner', async () => {
  const order = await refusedLater(5);
  const key = aKey();

  const answers = await Promise.all([repair(order, 'resolve', key), repair(order, 'resolve', key)]);
  const late = await repair(order, 'retry');

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(late.statusCode).toBe(409);
  const { rowCount } = await world.db.query(`select from repairs where checkout_id = $1`, [order.checkoutId]);
  expect(rowCount).toBe(1);
});

test('only retry and resolve can settle it', async () => {
  const order = await refusedLater(5);

  const answer = await repair(order, 'cancel');

  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([409, 'nothing-to-repair']);
});

test('an order that is undone anyway needs nobody for it any more', async () => {
  const order = await refusedLater(4);

  await world.activities.cancelFulfillment(unwinding(order));
  await world.activities.releaseStock(unwinding(order));
  await world.activities.voidPayment(unwinding(order));
  await world.activities.cancelOrder(unwinding(order));

  expect(await world.openCases(order)).toEqual([]);
  expect((await stateOf(world.db, order)).state).toBe('refused');
});

test('a refusal that comes before its step is recorded is not lost', async () => {
  const order = await world.acceptedByWarehouse({ steps: 3 });
  world.say(order, REFUSED);
  await world.send(order);
  await world.askWarehouses();
  expect(await world.openCases(order)).toEqual([]);

  await world.activities.triggerFulfillment(order);
  await world.db.query(`update provider_notices set next_ask_at = now()`);
  await world.askWarehouses();

  expect(await world.openCases(order)).toHaveLength(1);
});
