import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { settlementSink } from '../../../src/outbox/sinks/settlement';
import type { Inventory } from '../../../src/ports/inventory';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { checkoutWorld } from '../../support/checkout-world';
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
function settlementWith(commit: Inventory['commit'] = async () => undefined) {
  const told: string[] = [];
  const inventory: Inventory = {
    reserve: async () => ({ outcome: 'blocked' }),
    release: async () => undefined,
    commit: async (request) => {
      told.push(request.key);
      return commit(request);
    },
  };
  return { told, sink: settlementSink(world.db, replacing(world.providers.providerOf, { inventory })) };
}

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
  const away = settlementWith(() => Promise.reject(new ProviderFault('unreachable', 'The inventory is away')));

  const [outcome] = await away.sink.deliver([await labelOf(world, order)]);

  expect(outcome).toEqual({
    ...{ status: 'failed', retry: true },
    reason: 'The goods are not taken off the stock: The inventory is away',
  });
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
