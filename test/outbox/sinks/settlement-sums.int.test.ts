import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OrderKey } from '../../../src/contract/checkout';
import { settlementSink } from '../../../src/outbox/sinks/settlement';
import { accepted, checkoutWorld, stepsBefore, unwinding } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { completed, labelOf } from '../../support/completed-order';
import { STEP_TABLE } from '../../support/recording-activities';

/** A database of its own, since every order in it counts in the sum. */
let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
  await world.db.query(`insert into products values ('BOWL', 'Bowl', 777, 'JPY')`);
  await world.db.query(`insert into stock (sku, initial, available) values ('BOWL', 100, 100)`);
});
afterAll(() => world.close());

const CARTS = [{}, { items: [{ sku: 'BOWL', quantity: 3 }], currency: 'JPY' }];
const UNDONE_BEFORE = [1, 2, 3, 4, 5, 6];

/** An order whose steps before the one at `at` were done and undone. */
async function refused(at: number): Promise<OrderKey> {
  const order = await accepted(world.db, CARTS[at % CARTS.length]);
  await stepsBefore(world.activities, order, at);
  for (const { undo } of STEP_TABLE.slice(0, at).reverse()) await world.activities[undo](unwinding(order));
  return order;
}

/** What the processor captured, by currency. */
async function capturedByCurrency(): Promise<Record<string, bigint>> {
  const sums: Record<string, bigint> = {};
  for (const { outcome, amount = 0, currency = '' } of await world.sandbox.journal('payments'))
    if (outcome === 'captured') sums[currency] = (sums[currency] ?? 0n) + BigInt(amount);
  return sums;
}

test('captures the total of the completed orders, in each currency, to the minor unit', async () => {
  const orders = await Promise.all([...CARTS, ...CARTS, ...CARTS].map((cart) => completed(world, cart)));
  await Promise.all(UNDONE_BEFORE.map(refused));
  const labels = await Promise.all(orders.map((order) => labelOf(world, order)));
  const sink = settlementSink({ db: world.db, providerOf: world.providers.providerOf });

  // A relay that dies in between delivers its page again.
  await sink.deliver(labels.slice(0, 4));
  await sink.deliver(labels);

  const { rows } = await world.db.query<{ currency: string; minor: bigint }>(
    `select currency, sum(total_minor)::bigint as minor
       from orders
       join checkouts on checkouts.id = checkout_id
      where state = 'completed'
      group by currency`,
  );
  expect(await capturedByCurrency()).toEqual(Object.fromEntries(rows.map(({ currency, minor }) => [currency, minor])));
  expect(await capturedByCurrency()).toEqual({ USD: 3n * 3000n, JPY: 3n * 3n * 777n });
});
