import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CacheIdentity } from '../../src/idempotency/cache-identity';
import { checkoutWorld } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { openDatabase } from '../../src/postgres/database';
import { TcpProxy } from '../support/tcp-proxy';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

/** The statement in docs/operating.md. */
const changeSecret = () => world.db.query(`update installation set id = gen_random_uuid(), cache_secret = default`);

test('all processes of a database have the same secret, of 32 random bytes', async () => {
  const [one, two] = [new CacheIdentity(world.db, () => 0), new CacheIdentity(world.db, () => 0)];

  const known = await one.current();

  expect(known?.cacheSecret).toHaveLength(32);
  expect(new Set(known?.cacheSecret).size).toBeGreaterThan(16);
  expect(await two.current()).toEqual(known);
});

test('uses a changed secret a minute later, under another name', async () => {
  let now = 0;
  const identity = new CacheIdentity(world.db, () => now);
  const before = await identity.current();
  await changeSecret();

  now = 59_999;
  expect(await identity.current()).toEqual(before);
  now = 60_000;
  // This call starts the reading, and does not wait for it.
  await identity.current();
  const after = await new CacheIdentity(world.db, () => now).current();

  expect(after?.id).not.toBe(before?.id);
  expect(after?.cacheSecret.equals(before!.cacheSecret)).toBe(false);
  let found = before;
  // Reading it takes no longer than a hundred other queries.
  for (let looks = 0; looks < 100 && found?.id === before?.id; looks += 1) {
    await world.db.query('select');
    found = await identity.current();
  }
  expect(found).toEqual(after);
});

test('trusts nothing without a database, asks again after a second, and keeps what it knows', async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const db = openDatabase(url, { connections: 1, onIdleError: () => undefined });
  let now = 0;
  const identity = new CacheIdentity(db, () => now);
  proxy.refuse();
  expect(await identity.current()).toBeUndefined();
  proxy.accept();

  now = 999;
  expect(await identity.current()).toBeUndefined();
  now = 1_000;
  const known = await identity.current();
  expect(known).toBeDefined();
  proxy.refuse();
  now = 120_000;

  expect(await identity.current()).toEqual(known);
  await Promise.all([db.close(), proxy.close()]);
});
