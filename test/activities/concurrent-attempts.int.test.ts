import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { checkoutActivities } from '../../activities';
import type { Database } from '../../src/postgres/database';
import { accepted, checkoutWorld, eventsOf, ledgerOf, stepsBefore } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { servedBySandbox } from '../support/served-by-sandbox';
import { STEP_TABLE } from '../support/recording-activities';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const [STOCK, LABEL] = [2, STEP_TABLE.length - 1];
const isWrite = (text: string) => text.startsWith('with mine');

/** The activities on the same database, recording each statement; `before` runs just before each step's write. */
async function recordingStatements(before: () => Promise<void> = async () => undefined) {
  const statements: string[] = [];
  const db: Database = {
    ...world.db,
    query: async (text, values) => {
      statements.push(isWrite(text) ? 'write' : 'read');
      if (isWrite(text)) await before();
      return world.db.query(text, values);
    },
    transaction: (work) => {
      statements.push('transaction');
      return world.db.transaction(work);
    },
  };
  const activities = checkoutActivities({ db, ...(await servedBySandbox(world.sandboxUrl, db)) });
  statements.length = 0;
  return { statements, activities };
}

/** Another connection, in a transaction that the test commits. */
async function otherTransaction() {
  const client = new Client({ connectionString: world.databaseUrl });
  await client.connect();
  await client.query('begin');
  const commit = async () => {
    await client.query('commit');
    await client.end();
  };
  return { client, commit };
}

const untilBlocked = () =>
  eventually(async () => {
    const { rowCount } = await world.db.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rowCount === 0 ? undefined : true;
  });

test.each(STEP_TABLE.map((row, at) => ({ ...row, at })))(
  '$step takes one statement to look up and one to write',
  async ({ act, at }) => {
    const order = await accepted(world.db);
    await stepsBefore(world.activities, order, at);
    const { statements, activities } = await recordingStatements();

    await activities[act](order);

    // The first step also reads prices, and the last one records that it is too late to cancel.
    expect(statements).toEqual(at === 0 || at === LABEL ? ['read', 'read', 'write'] : ['read', 'write']);
  },
);

test('returns the answer of another attempt that finishes between lookup and write', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, STOCK);
  let other: unknown;
  const { statements, activities } = await recordingStatements(async () => {
    other = await world.activities.reserveStock(order);
  });

  const answer = await activities.reserveStock(order);

  expect(answer).toEqual(other);
  expect(statements).toEqual(['read', 'write', 'transaction']);
  expect((await eventsOf(world.db, order)).filter((type) => type === 'stock.reserved')).toHaveLength(1);
});

test('rolls back, and returns the answer of another attempt that commits during the write', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, STOCK);
  const other = await otherTransaction();
  await other.client.query(
    `insert into step_ledger (checkout_id, step, result, done_at) values ($1, 'stock-reserved', '{"units": 7}', now())`,
    [order.checkoutId],
  );

  const attempt = world.activities.reserveStock(order);
  await untilBlocked();
  await other.commit();

  expect(await attempt).toEqual({ units: 7 });
  expect(await eventsOf(world.db, order)).toEqual(['order.created', 'payment.authorized']);
  const { rowCount } = await world.db.query(`select from stock_reservations where checkout_id = $1`, [
    order.checkoutId,
  ]);
  expect(rowCount).toBe(0);
});

test('waits for a locked order, and then sees what changed meanwhile', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, STOCK);
  const other = await otherTransaction();
  await other.client.query(
    `select from checkouts where id = $1 and pg_advisory_xact_lock(hashtextextended(id, 0)) is not null for no key update`,
    [order.checkoutId],
  );
  await other.client.query(`update checkouts set cancel_requested_at = now() where id = $1`, [order.checkoutId]);

  const attempt = world.activities.reserveStock(order).catch((error: unknown) => error);
  await untilBlocked();
  await other.commit();

  expect(await attempt).toMatchObject({ type: 'Cancelled' });
  expect((await ledgerOf(world.db, order))[STOCK]).toBe('nothing');
});

test('decides a refusal under the lock, so it does not refuse what another attempt has done meanwhile', async () => {
  const order = await accepted(world.db, { expectedTotal: 3000 });
  await world.db.query(`update products set unit_minor = 1600 where sku = 'MUG-BLUE'`);
  const other = await otherTransaction();
  await other.client.query(
    `select from checkouts where id = $1 and pg_advisory_xact_lock(hashtextextended(id, 0)) is not null for no key update`,
    [order.checkoutId],
  );
  await other.client.query(
    `insert into step_ledger (checkout_id, step, result, done_at)
     values ($1, 'order-created', '{"total": {"minor": 3000, "currency": "USD"}}', now())`,
    [order.checkoutId],
  );

  const attempt = world.activities.createOrder(order);
  await untilBlocked();
  await other.commit();
  await world.db.query(`update products set unit_minor = 1500 where sku = 'MUG-BLUE'`);

  expect(await attempt).toEqual({ total: { minor: 3000, currency: 'USD' } });
});
