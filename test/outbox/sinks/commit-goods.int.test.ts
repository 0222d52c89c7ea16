import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { settlementSink } from '../../../src/outbox/sinks/settlement';
import type { OrderKey } from '../../../src/contract/checkout';
import { repairFulfillment } from '../../../src/checkouts/operators/repair-fulfillment';
import type { Inventory } from '../../../src/ports/inventory';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { aKey } from '../../support/builders';
import { checkoutWorld, eventsOf, stateOf } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { completed, labelOf } from '../../support/completed-order';
import { replacing } from '../../support/replaced-ports';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());
beforeEach(() => world.sandbox.faults([]));

/** The settlement beside an inventory that is called, and what that was told. */
function settlementWith(commit: Inventory['commit'] = async () => undefined, attentionAfter = '15m') {
  const told: string[] = [];
  const inventory: Inventory = {
    reserve: async () => ({ outcome: 'blocked' }),
    release: async () => undefined,
    commit: async (request) => {
      told.push(request.key);
      return commit(request);
    },
  };
  const providerOf = replacing(world.providers.providerOf, { inventory });
  return { told, sink: settlementSink({ db: world.db, providerOf, attentionAfter }) };
}

const away = (attentionAfter?: string) =>
  settlementWith(() => Promise.reject(new ProviderFault('unreachable', 'The inventory is away')), attentionAfter);

const NOT_TAKEN = 'The goods are not taken off the stock: The inventory is away';

const casesOf = async ({ checkoutId }: OrderKey) => {
  const { rows } = await world.db.query<{ case: string }>(
    `select step || ' ' || kind || ' ' || why as case from attention where checkout_id = $1 and cleared_at is null`,
    [checkoutId],
  );
  return rows.map((row) => row.case);
};

const aRepair = (action: 'retry' | 'resolve') => ({
  ...({ id: aKey(), step: 'stock-reserved', kind: 'fulfillment', action } as const),
  ...{ reason: 'Booked out by hand.', operator: 'op_1' },
});

const capturesOf = async (checkoutId: string) =>
  (await world.sandbox.journal('payments', checkoutId)).filter(({ operation }) => operation === 'capture');

test('an inventory that is called learns that the goods of a labelled order have left', async () => {
  const { told, sink } = settlementWith();
  const order = await completed(world);

  expect(await sink.deliver([await labelOf(world, order)])).toEqual([{ status: 'delivered' }]);

  expect(told).toEqual([`${order.checkoutId}:stock-reserved`]);
});

test('an inventory that is away holds up no capture, and is told again', async () => {
  const order = await completed(world);

  const [outcome] = await away().sink.deliver([await labelOf(world, order)]);

  expect(outcome).toEqual({ status: 'failed', retry: 'without-end', reason: NOT_TAKEN });
  expect(await casesOf(order)).toEqual([]);
  expect(await capturesOf(order.checkoutId)).toHaveLength(1);
  const back = settlementWith();
  expect(await back.sink.deliver([await labelOf(world, order)])).toEqual([{ status: 'delivered' }]);
  expect(back.told).toHaveLength(1);
  expect(await capturesOf(order.checkoutId)).toHaveLength(1);
});

test('the goods have left even if the processor rejects the capture', async () => {
  const { told, sink } = settlementWith();
  const order = await completed(world);
  await world.sandbox.faults([{ provider: 'payments', operation: 'capture', kind: 'refuse', key: order.checkoutId }]);

  const [outcome] = await sink.deliver([await labelOf(world, order)]);

  expect(outcome).toMatchObject({ status: 'failed', retry: false });
  expect(told).toHaveLength(1);
});

test('an inventory that is away is told without end, also if the processor rejects the capture', async () => {
  const order = await completed(world);
  await world.sandbox.faults([{ provider: 'payments', operation: 'capture', kind: 'refuse', key: order.checkoutId }]);

  const [outcome] = await away().sink.deliver([await labelOf(world, order)]);

  expect(outcome).toMatchObject({ status: 'failed', retry: 'without-end' });
  expect(outcome).toMatchObject({ reason: expect.stringMatching(/rejects the capture .*not taken off the stock/) });
});

test('operators are called once an inventory has been away for too long, and need not act when it comes back', async () => {
  const order = await completed(world);
  const label = await labelOf(world, order);

  await away('0s').sink.deliver([label]);
  await away('0s').sink.deliver([label]);
  expect(await casesOf(order)).toEqual([`stock-reserved fulfillment ${NOT_TAKEN}`]);
  await settlementWith().sink.deliver([label]);

  expect(await casesOf(order)).toEqual([]);
  const types = await eventsOf(world.db, order);
  expect(types.filter((type) => type.startsWith('attention'))).toEqual(['attention.raised', 'attention.cleared']);
  expect((await stateOf(world.db, order)).state).toBe('completed');
});

test('an inventory that an operator has told is not told again', async () => {
  const order = await completed(world);
  const label = await labelOf(world, order);
  await away('0s').sink.deliver([label]);

  await repairFulfillment(world.db, order.checkoutId, aRepair('resolve'));
  const { told, sink } = settlementWith();

  expect(await sink.deliver([label])).toEqual([{ status: 'delivered' }]);
  expect(told).toEqual([]);
  expect(await casesOf(order)).toEqual([]);
});

test.each(['retry', 'resolve'] as const)('%s makes the settlement that waits due at once', async (action) => {
  const order = await completed(world);
  const { event } = await labelOf(world, order);
  await away('0s').sink.deliver([{ event, target: '' }]);
  await world.db.query(
    `insert into outbox_parked (sink, target, aggregateid, sequence, shard, event_id, occurred_at, attempts, reason, next_attempt_at)
     values ('settlement', '', $1, $2, 0, $3, $4, 9, 'no', now() + interval '1 hour')`,
    [order.checkoutId, event.sequence, event.id, event.time],
  );

  await repairFulfillment(world.db, order.checkoutId, aRepair(action));

  const { rowCount } = await world.db.query(
    `select from outbox_parked where aggregateid = $1 and next_attempt_at <= now()`,
    [order.checkoutId],
  );
  expect(rowCount).toBe(1);
});
