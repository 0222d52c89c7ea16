import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import type { Database, Transaction } from '../../src/postgres/database';
import { sqlStateOf } from '../../src/postgres/error-codes';
import { lockOrder } from '../../src/postgres/lock-order';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import { eventually } from '../support/eventually';
import { TcpProxy } from '../support/tcp-proxy';

let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
});
afterAll(() => world.close());

const open = (url = world.databaseUrl): Database => openDatabase(url, { connections: 1, onIdleError: () => undefined });

const QUERY_CANCELED = '57014';

test('Postgres ends a statement that runs too long', async () => {
  const db = open();

  const failure: unknown = await db.query(`select pg_sleep(3600)`).catch((error: unknown) => error);

  expect(sqlStateOf(failure)).toBe(QUERY_CANCELED);
  await db.close();
});

test('gives up on a server that does not answer', async () => {
  const route = await TcpProxy.inFrontOf(world.databaseUrl);
  const db = open(route.url);
  await db.query(`select 1`);
  route.proxy.silence();

  await expect(db.query(`select 1`)).rejects.toThrow('Query read timeout');

  await route.proxy.close();
  await db.close();
});

test('gives the lock of a process that stopped inside a transaction to the next one', async () => {
  const checkoutId = await world.newCheckout();
  const db = open();
  const lock = (tx: Transaction) => lockOrder(tx, checkoutId);

  const stopped = db.transaction(async (tx) => {
    await lock(tx);
    // The next process's statements have a timeout too.
    await eventually(() =>
      world.db.transaction(lock).then(
        () => true,
        () => undefined,
      ),
    );
  });

  await expect(stopped).rejects.toThrow();
  await db.close();
});
