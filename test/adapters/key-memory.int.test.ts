import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keyMemoryIn } from '../../src/adapters/key-memory';
import { providerKey } from '../../src/ports/provider-key';
import { aKey } from '../support/builders';
import { accepted, checkoutWorld } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

test('remembers what a key was answered, whoever asks', async () => {
  const key = aKey();
  const first = await keyMemoryIn(world.db, 'mail').begin(key, ['ada@example.com']);
  await keyMemoryIn(world.db, 'mail').settle(key, 'msg_1');

  const later = await keyMemoryIn(world.db, 'mail').begin(key, ['ada@example.com']);

  expect(first).toEqual({ state: 'begun' });
  expect(later).toEqual({ state: 'settled', reference: 'msg_1' });
});

test('a key carries one body', async () => {
  const keys = keyMemoryIn(world.db, 'mail');
  const key = aKey();
  await keys.begin(key, ['ada@example.com']);

  await expect(keys.begin(key, ['eve@example.com'])).rejects.toMatchObject({ fault: 'key-reused' });
});

test('a key that is closed before it is used has not acted, and never will', async () => {
  const keys = keyMemoryIn(world.db, 'mail');
  const key = aKey();

  expect(await keys.close(key)).toBe(false);
  expect(await keys.begin(key, ['ada@example.com'])).toEqual({ state: 'closed' });
  expect(await keys.close(key)).toBe(false);
});

test('a key that is closed while its call is under way may have acted', async () => {
  const keys = keyMemoryIn(world.db, 'mail');
  const key = aKey();
  await keys.begin(key, ['ada@example.com']);

  expect(await keys.close(key)).toBe(true);
  // The answer of the call that was under way.
  await keys.settle(key, 'msg_1');
  expect(await keys.begin(key, ['ada@example.com'])).toEqual({ state: 'closed', reference: 'msg_1' });
  expect(await keys.close(key)).toBe(true);
});

test('of two references the first one counts, and whoever brings another one learns that', async () => {
  const keys = keyMemoryIn(world.db, 'payments');
  const key = aKey();
  const before = await keys.known(key);
  await keys.begin(key, ['10.00']);

  const states = [await keys.settle(key, 'pi_1'), await keys.settle(key, 'pi_2'), await keys.known(key)];
  await keys.close(key);

  expect(before).toBeUndefined();
  expect(states).toEqual([1, 2, 3].map(() => ({ state: 'settled', reference: 'pi_1' })));
  expect(await keys.settle(key, 'pi_3')).toEqual({ state: 'closed', reference: 'pi_1' });
  expect(await keys.known(key)).toEqual({ state: 'closed', reference: 'pi_1' });
});

test('of many attempts at once, each finds the key open or closed, and none of them fails', async () => {
  const keys = keyMemoryIn(world.db, 'carrier');
  const key = aKey();

  const begun = Promise.all(Array.from({ length: 10 }, () => keys.begin(key, ['chk_1'])));
  const closed = await keys.close(key);
  const states = (await begun).map(({ state }) => state);

  // If the close came first, nobody may act.
  if (!closed) expect(states).toEqual(states.map(() => 'closed'));
  expect(await keys.begin(key, ['chk_1'])).toEqual({ state: 'closed' });
});

test("is kept under the order's tenant", async () => {
  const { checkoutId } = await accepted(world.db);
  const key = providerKey(checkoutId, 'notification-sent');

  await keyMemoryIn(world.db, 'mail').begin(key, ['ada@example.com']);

  const { rows } = await world.db.query(`select tenant, role from provider_references where key = $1`, [key]);
  expect(rows).toEqual([{ tenant: 'acme', role: 'mail' }]);
});
