import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { isUnavailable } from '../../src/postgres/error-codes';
import { accepted, checkoutWorld, stepsBefore, unwinding } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const RESERVE = 2;
/** As Temporal does: an attempt for which Postgres had no connection in time is made again. */
const outcomeOf = (attempt: () => Promise<unknown>): Promise<string> =>
  attempt().then(
    () => 'reserved',
    (error: unknown) => {
      if (isUnavailable(error)) return outcomeOf(attempt);
      return error instanceof ApplicationFailure ? String(error.type) : String(error);
    },
  );

async function inStock(sku: string, units: number): Promise<void> {
  await world.db.query(
    `with product as (insert into products values ($1, $1, 100, 'USD'))
     insert into stock (sku, initial, available) values ($1, $2, $2)`,
    [sku, units],
  );
}

const stockOf = async (sku: string) =>
  (await world.db.query(`select available, reserved, sold from stock where sku = $1`, [sku])).rows[0];

async function aboutToReserve(items: { sku: string; quantity: number }[]) {
  const order = await accepted(world.db, { items });
  await stepsBefore(world.activities, order, RESERVE);
  return order;
}

test('sells exactly 10 units to 200 buyers', async () => {
  await inStock('RARE', 10);
  const orders = await Promise.all(Array.from({ length: 200 }, () => aboutToReserve([{ sku: 'RARE', quantity: 1 }])));

  const outcomes = await Promise.all(orders.map((order) => outcomeOf(() => world.activities.reserveStock(order))));

  expect(outcomes.filter((outcome) => outcome === 'reserved')).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === 'OutOfStock')).toHaveLength(190);
  expect(await stockOf('RARE')).toEqual({ available: 0n, reserved: 10n, sold: 0n });
});

test('reserves all lines of a cart or none', async () => {
  await inStock('PLENTY', 100);
  await inStock('SCARCE', 1);
  const order = await aboutToReserve([
    { sku: 'PLENTY', quantity: 3 },
    { sku: 'SCARCE', quantity: 2 },
  ]);

  const refused: unknown = await world.activities.reserveStock(order).catch((error: unknown) => error);

  expect(refused).toMatchObject({ type: 'OutOfStock', message: 'Not enough in stock: SCARCE.' });
  expect(await stockOf('PLENTY')).toEqual({ available: 100n, reserved: 0n, sold: 0n });
});

test('goods that nobody ever counted are out of stock', async () => {
  await inStock('COUNTED', 10);
  await world.db.query(`insert into products values ('UNCOUNTED', 'Uncounted', 100, 'USD')`);
  const order = await aboutToReserve([
    { sku: 'COUNTED', quantity: 1 },
    { sku: 'UNCOUNTED', quantity: 1 },
  ]);

  const refused: unknown = await world.activities.reserveStock(order).catch((error: unknown) => error);

  expect(refused).toMatchObject({ type: 'OutOfStock', message: 'Not enough in stock: UNCOUNTED.' });
  expect(await stockOf('COUNTED')).toEqual({ available: 10n, reserved: 0n, sold: 0n });
});

test('carts with the same goods in different order do not deadlock', async () => {
  await inStock('LEFT', 100);
  await inStock('RIGHT', 100);
  const both = [
    { sku: 'LEFT', quantity: 1 },
    { sku: 'RIGHT', quantity: 1 },
  ];
  const orders = await Promise.all(
    Array.from({ length: 40 }, (_, at) => aboutToReserve(at % 2 === 0 ? both : [...both].reverse())),
  );

  const outcomes = await Promise.all(orders.map((order) => outcomeOf(() => world.activities.reserveStock(order))));

  expect(new Set(outcomes)).toEqual(new Set(['reserved']));
  expect(await stockOf('RIGHT')).toEqual({ available: 60n, reserved: 40n, sold: 0n });
});

test('released goods can be bought again, and a label sells them', async () => {
  await inStock('ONCE', 1);
  const first = await aboutToReserve([{ sku: 'ONCE', quantity: 1 }]);
  const second = await aboutToReserve([{ sku: 'ONCE', quantity: 1 }]);
  await world.activities.reserveStock(first);

  await world.activities.releaseStock(unwinding(first));
  await world.activities.reserveStock(second);
  await world.activities.triggerFulfillment(second);
  await world.activities.generateLabel(second);

  expect(await stockOf('ONCE')).toEqual({ available: 0n, reserved: 0n, sold: 1n });
});

test('the database refuses stock below zero, whatever the statement', async () => {
  await inStock('LAST', 1);

  const overselling = world.db.query(`update stock set available = available - 2, reserved = 2 where sku = 'LAST'`);

  await expect(overselling).rejects.toThrow('stock_never_below_zero');
});
