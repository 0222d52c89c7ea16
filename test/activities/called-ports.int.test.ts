import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkoutActivities } from '../../activities';
import type { Inventory, ReservationAnswer } from '../../src/ports/inventory';
import type { Ports } from '../../src/ports/providers';
import { accepted, checkoutWorld, eventsOf, ledgerOf, stepsBefore, unwinding } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { replacing } from '../support/replaced-ports';
import { STEP_TABLE } from '../support/recording-activities';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const [STOCK, LOYALTY] = [2, 5];
const stock = async () => (await world.db.query(`select * from stock order by sku`)).rows;
const activitiesWith = (ports: Partial<Ports>) =>
  checkoutActivities({ ...world.providers, db: world.db, providerOf: replacing(world.providers.providerOf, ports) });

/** The stock of a system that is called. */
function calledInventory(answer: ReservationAnswer) {
  const calls: string[] = [];
  const inventory: Inventory = {
    reserve: async ({ key }) => (calls.push(`reserve ${key}`), answer),
    release: async ({ key }) => void calls.push(`release ${key}`),
    commit: async ({ key }) => void calls.push(`commit ${key}`),
  };
  return { calls, inventory };
}

test('stock elsewhere is reserved there, and ours stays as it is through the whole order', async () => {
  const { calls, inventory } = calledInventory({ outcome: 'reserved', reference: 'res_1' });
  const activities = activitiesWith({ inventory });
  const order = await accepted(world.db);
  const before = await stock();

  await stepsBefore(activities, order, STEP_TABLE.length - 1);
  await activities.generateLabel(order);

  expect(calls).toEqual([`reserve ${order.checkoutId}:stock-reserved`]);
  expect(await stock()).toEqual(before);
  expect(await eventsOf(world.db, order)).toContain('stock.reserved');
});

test('an order is refused when the stock elsewhere is out, and its undo reaches the same key', async () => {
  const { calls, inventory } = calledInventory({ outcome: 'out-of-stock', skus: ['MUG-BLUE'] });
  const activities = activitiesWith({ inventory });
  const order = await accepted(world.db);
  await stepsBefore(activities, order, STOCK);

  await expect(activities.reserveStock(order)).rejects.toMatchObject({
    type: 'OutOfStock',
    message: 'Not enough in stock: MUG-BLUE.',
  });
  await activities.releaseStock(unwinding(order));

  expect(calls).toEqual(['reserve', 'release'].map((verb) => `${verb} ${order.checkoutId}:stock-reserved`));
  expect((await ledgerOf(world.db, order))[STOCK]).toBe('tombstone');
});

test('an operator who has put the goods back by hand leaves the other system alone', async () => {
  const { calls, inventory } = calledInventory({ outcome: 'reserved', reference: 'res_2' });
  const activities = activitiesWith({ inventory });
  const order = await accepted(world.db);
  await stepsBefore(activities, order, STOCK + 1);

  await activities.releaseStock({ ...unwinding(order), byHand: true });

  expect(calls).toHaveLength(1);
  expect((await ledgerOf(world.db, order))[STOCK]).toBe('undone');
});

test('a loyalty program that is called says how many points it awarded', async () => {
  const revoked: string[] = [];
  const activities = activitiesWith({
    loyalty: {
      award: async () => ({ outcome: 'awarded', reference: 'awd_1', points: 77 }),
      revoke: async ({ key }) => void revoked.push(key),
    },
  });
  const order = await accepted(world.db);
  await stepsBefore(activities, order, LOYALTY);

  expect(await activities.awardLoyalty(order)).toEqual({ points: 77 });
  await activities.revokeLoyalty(unwinding(order));

  expect(revoked).toEqual([`${order.checkoutId}:loyalty-awarded`]);
});

test('asks nobody for a price while it holds the order, also when it refuses', async () => {
  const asked: string[] = [];
  const activities = activitiesWith({
    pricing: { quote: async ({ key }) => (asked.push(key), { outcome: 'unknown-sku', sku: 'MUG-BLUE' }) },
  });
  const order = await accepted(world.db);

  await expect(activities.createOrder(order)).rejects.toMatchObject({ type: 'UnknownSku' });

  expect(asked).toEqual([`${order.checkoutId}:order-created`]);
});
