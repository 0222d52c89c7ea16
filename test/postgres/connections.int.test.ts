import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import { accepted, checkoutWorld, stepsBefore } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { TcpProxy } from '../support/tcp-proxy';

const STOCK = 2;
const UNITS = 10;
const BUYERS = 60;

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

/** Sixty orders want one of ten units at the same time. Resolves with how many got one. */
async function burst(): Promise<number> {
  await world.db.query(
    `update stock set available = $1::int, initial = reserved + sold + $1::int where sku = 'LAST-ONE'`,
    [UNITS],
  );
  const orders = await Promise.all(
    Array.from({ length: BUYERS }, () => accepted(world.db, { items: [{ sku: 'LAST-ONE', quantity: 1 }] })),
  );
  for (const order of orders) await stepsBefore(world.activities, order, STOCK);
  const outcomes = await Promise.allSettled(orders.map((order) => world.activities.reserveStock(order)));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

test('a second burst of orders for sold-out stock opens no connection', async () => {
  const soldFirst = await burst();
  const opened = world.db.connectionsOpened();

  const soldThen = await burst();

  expect([soldFirst, soldThen]).toEqual([UNITS, UNITS]);
  expect(world.db.connectionsOpened()).toBe(opened);
});

test('reuses a connection after any error that Postgres answers with, but not after one that ended it', async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const db = openDatabase(url, { connections: 1, onIdleError: () => undefined });
  const broken = (text: string) => db.query(text, [0]).then(String, () => 'failed');

  const answers = [
    await broken(`insert into products (sku, name, unit_minor, currency) select 'MUG-BLUE', 'again', $1::int, 'USD'`),
    await broken(`update stock set available = -1 + $1::int`),
    await broken(`select 1 / $1::int`),
    await broken(`select nothing from nowhere where $1 = 0`),
  ];
  const openedBefore = db.connectionsOpened();
  await broken(`select pg_terminate_backend(pg_backend_pid()), $1::int`);
  const { rows } = await db.query<{ whole: boolean }>(`select $1::int = 0 as whole`, [0]);

  expect(answers).toEqual(['failed', 'failed', 'failed', 'failed']);
  expect(openedBefore).toBe(1);
  expect(rows).toEqual([{ whole: true }]);
  expect(db.connectionsOpened()).toBe(2);
  await db.close();
  await proxy.close();
});
