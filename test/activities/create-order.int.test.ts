import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { accepted, checkoutWorld, eventsOf, stateOf, unwinding } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const refusalOf = (error: unknown) => (error instanceof ApplicationFailure ? error.type : String(error));

test('prices the cart on the server, and adds up lines of the same SKU', async () => {
  const { db, activities } = world;
  const items = [
    { sku: 'MUG-BLUE', quantity: 2 },
    { sku: 'POSTER-A2', quantity: 1 },
    { sku: 'MUG-BLUE', quantity: 1 },
  ];
  const order = await accepted(db, { items, expectedTotal: 3 * 1500 + 900 });

  const { total } = await activities.createOrder(order);

  expect(total).toEqual({ minor: 5400, currency: 'USD' });
});

test.each([
  ['UnknownSku', { items: [{ sku: 'NO-SUCH', quantity: 1 }] }],
  ['CurrencyNotOffered', { currency: 'JPY' }],
  ['PriceChanged', { expectedTotal: 2999 }],
])('refuses with %s and leaves only the refusal behind', async (refusal, overrides) => {
  const { db, activities } = world;
  const order = await accepted(db, overrides);

  const answer = await activities.createOrder(order).catch(refusalOf);
  await activities.cancelOrder(unwinding(order));

  expect(answer).toBe(refusal);
  expect(await eventsOf(db, order)).toEqual(['checkout.refused']);
  expect((await stateOf(db, order)).steps).toEqual(Array.from({ length: 7 }, () => 'skipped'));
});

test('refuses a total that does not fit a JSON number', async () => {
  const { db, activities } = world;
  await db.query(`insert into products values ('MOON', 'The moon', 9007199254740991, 'USD')`);
  const order = await accepted(db, { items: [{ sku: 'MOON', quantity: 2 }] });

  expect(await activities.createOrder(order).catch(refusalOf)).toBe('AmountTooLarge');
});

test('a later price change does not change an order', async () => {
  const { db, activities } = world;
  const order = await accepted(db, { items: [{ sku: 'TEE-BLACK', quantity: 1 }] });
  await activities.createOrder(order);

  await db.query(`update products set unit_minor = 9900 where sku = 'TEE-BLACK'`);

  expect(await activities.createOrder(order)).toEqual({ total: { minor: 2500, currency: 'USD' } });
});
