import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { append } from '../../src/outbox/append';
import { openDatabase } from '../../src/postgres/database';
import type { Database, Transaction } from '../../src/postgres/database';
import { lockOrder } from '../../src/postgres/lock-order';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import { TcpProxy } from '../support/tcp-proxy';

let world: OutboxWorld;
let proxy: TcpProxy;
let db: Database;
beforeAll(async () => {
  world = await outboxWorld();
  const road = await TcpProxy.inFrontOf(world.databaseUrl);
  proxy = road.proxy;
  db = openDatabase(road.url, { connections: 1, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await proxy.close();
  await world.close();
});

const announced = async (checkoutId: string): Promise<number | null> =>
  (await world.db.query(`select from outbox_events where aggregateid = $1`, [checkoutId])).rowCount;

const announce = (checkoutId: string) => async (tx: Transaction) => {
  await lockOrder(tx, checkoutId);
  await append(tx, checkoutId, [{ type: 'order.cancelled', data: {} }]);
};

test('writes nothing if begin fails, although the statement sent with it has run, and the next transaction works', async () => {
  const checkoutId = await world.newCheckout();
  proxy.garble('begin');
  await expect(db.transaction(announce(checkoutId))).rejects.toThrow('syntax error');
  expect(await announced(checkoutId)).toBe(0);

  await db.transaction(announce(checkoutId));
  expect(await announced(checkoutId)).toBe(1);
});

test('does not send later statements if begin fails', async () => {
  const checkoutId = await world.newCheckout();
  proxy.garble('begin');
  const attempt = db.transaction((tx) =>
    tx.query(`update checkouts set cancel_requested_at = now() where id = $1`, [checkoutId]),
  );
  await expect(attempt).rejects.toThrow('syntax error');
  const { rows } = await world.db.query(`select cancel_requested_at from checkouts where id = $1`, [checkoutId]);
  expect(rows).toEqual([{ cancel_requested_at: null }]);
});

test('an empty transaction fails if begin does, and an error of the caller keeps its own message', async () => {
  proxy.garble('begin');
  await expect(db.transaction(async () => undefined)).rejects.toThrow('syntax error');
  proxy.garble('begin');
  await expect(db.transaction(() => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
});

test('does not count a transaction as committed if a statement failed and the error was ignored', async () => {
  const checkoutId = await world.newCheckout();
  const attempt = db.transaction(async (tx) => {
    await announce(checkoutId)(tx);
    await tx.query(`select 1 / $1::int`, [0]).catch(() => undefined);
    return 'done';
  });

  await expect(attempt).rejects.toMatchObject({
    message: expect.stringContaining('Nothing was committed'),
    cause: expect.objectContaining({ message: 'division by zero' }),
  });
  expect(await announced(checkoutId)).toBe(0);
});
