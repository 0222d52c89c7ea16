import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import type { OrderKey } from '../../src/contract/checkout';
import { accepted, checkoutWorld, eventsOf, stateOf } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { sagaTest } from '../support/lost-workflow';
import { endOf, LANES, SagaHarness } from '../support/saga-harness';

describe.each(LANES)('%s lane', (lane) => {
  let world: CheckoutWorld;
  let harness: SagaHarness;
  beforeAll(async () => {
    [world, harness] = await Promise.all([checkoutWorld(), SagaHarness.start(lane)]);
  });
  afterAll(async () => {
    await harness.stop();
    await world.close();
  });
  beforeEach(() => world.sandbox.faults([]));

  const run = (order: OrderKey) => endOf(harness.run(world.activities, undefined, order));
  const outcomes = async (provider: string, { checkoutId }: OrderKey) =>
    (await world.sandbox.journal(provider, checkoutId)).map(({ outcome }) => outcome);

  sagaTest('undoes a step that acted and then timed out for good, at the provider too', async () => {
    const order = await accepted(world.db);
    await world.sandbox.faults([{ provider: 'warehouse', operation: 'fulfill', kind: 'lose-answer' }]);

    const end = await run(order);

    expect(end).toBe('failed');
    const warehouse = await outcomes('warehouse', order);
    expect(warehouse.filter((outcome) => outcome === 'triggered')).toHaveLength(1);
    expect(warehouse.at(-1)).toBe('cancelled');
    expect(await outcomes('payments', order)).toEqual(['authorized', 'voided']);
    expect(await stateOf(world.db, order)).toMatchObject({
      state: 'refused',
      refusal: 'step-unavailable',
      steps: ['undone', 'undone', 'undone', 'skipped', 'skipped', 'skipped', 'skipped'],
    });
    expect(await eventsOf(world.db, order)).toEqual([
      'order.created',
      'payment.authorized',
      'stock.reserved',
      'stock.released',
      'payment.voided',
      'order.cancelled',
      'checkout.refused',
    ]);
  });

  sagaTest(
    'completes once although half of all provider calls fail before acting and half lose their answer',
    async () => {
      const order = await accepted(world.db);
      await world.sandbox.faults(
        ['payments', 'warehouse', 'mail', 'carrier'].flatMap((provider) => [
          { provider, kind: 'fail-before', times: 2 },
          { provider, kind: 'lose-answer', times: 2 },
        ]),
      );

      const end = await run(order);

      expect(end).toBe('completed');
      expect((await eventsOf(world.db, order)).at(-1)).toBe('checkout.completed');
      for (const provider of ['payments', 'warehouse', 'mail', 'carrier']) {
        const settled = (await outcomes(provider, order)).filter(
          (outcome) => !['failed', 'replayed'].includes(outcome),
        );
        expect(settled).toHaveLength(1);
      }
    },
  );

  sagaTest('repeats failing undos until everything is back as it was', async () => {
    const { db } = world;
    const address = { name: 'A', line1: 'B', city: 'C', postalCode: '00000', country: 'GB' };
    const stock = async () => (await db.query(`select * from stock order by sku`)).rows;
    const before = await stock();
    const order = await accepted(db, { shippingAddress: address });
    await world.sandbox.faults([
      { provider: 'payments', operation: 'void', kind: 'fail-before', times: 3 },
      { provider: 'warehouse', operation: 'cancel', kind: 'lose-answer', times: 3 },
      { provider: 'mail', operation: 'cancel', kind: 'fail-before', times: 3 },
    ]);

    await run(order);

    expect(await stateOf(db, order)).toMatchObject({ state: 'refused', refusal: 'undeliverable-address' });
    expect(await stock()).toEqual(before);
    expect((await outcomes('payments', order)).filter((outcome) => outcome === 'voided')).toHaveLength(1);
  });
});
