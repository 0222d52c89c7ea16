import { randomBytes } from 'node:crypto';
import { checkoutActivities } from '../../activities';
import { ACCEPT_OPERATION, acceptCheckout } from '../../src/checkouts/accept-checkout';
import { readCheckout } from '../../src/checkouts/read-checkout';
import type { CheckoutActivities, Unwinding } from '../../src/contract/activities';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import type { OrderKey } from '../../src/contract/checkout';
import type { CheckoutRequest } from '../../src/domain/order';
import { STEPS } from '../../src/domain/steps';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { seedSandboxCatalog } from '../../src/postgres/seed-sandbox-catalog';
import { aKey, aRequest } from './builders';
import { listeningSandbox, sandboxClient } from './sandbox';
import { servedBySandbox } from './served-by-sandbox';
import { createTestDatabase } from './template-database';

/** A database with the sandbox catalog, the sandbox providers, and the activities between them, all for one test file. */
export async function checkoutWorld() {
  const database = await createTestDatabase();
  await seedSandboxCatalog(database.url);
  const db = openDatabase(database.url, { connections: 20, onIdleError: () => undefined });
  const sandbox = await listeningSandbox();
  const close = async () => {
    await sandbox.app.close();
    await db.close();
    await database.drop();
  };
  const providers = await servedBySandbox(sandbox.baseUrl, db);
  const activities = checkoutActivities({ db, ...providers });
  return {
    db,
    databaseUrl: database.url,
    sandbox: sandboxClient(sandbox.app),
    sandboxUrl: sandbox.baseUrl,
    providers,
    activities,
    close,
  };
}

export type CheckoutWorld = Awaited<ReturnType<typeof checkoutWorld>>;

/** An accepted checkout without any steps. */
export async function accepted(db: Database, overrides: Partial<CheckoutRequest> = {}): Promise<OrderKey> {
  const identity = { tenant: 'acme', operation: ACCEPT_OPERATION, key: aKey(), fingerprint: randomBytes(32) };
  const { claim } = await acceptCheckout(db, identity, { request: aRequest(overrides), traceparent: null });
  return { checkoutId: claim.resourceId, tenant: 'acme' };
}

export async function workflowIdOf(db: Database, { checkoutId, tenant }: OrderKey): Promise<string> {
  const { rows } = await db.query<{ key: string }>(`select idempotency_key as key from checkouts where id = $1`, [
    checkoutId,
  ]);
  return checkoutWorkflowId(tenant, rows[0]?.key ?? '');
}

export const unwinding = (order: OrderKey): Unwinding => ({
  ...order,
  because: 'OutOfStock',
  sentence: 'Not enough in stock: MUG-BLUE.',
});

/** Runs the steps before the one at `at`, as a workflow of today would. */
export async function stepsBefore(activities: CheckoutActivities, order: OrderKey, at: number): Promise<void> {
  const forward = [
    'createOrder',
    'authorizePayment',
    'reserveStock',
    'triggerFulfillment',
    'sendNotification',
    'awardLoyalty',
  ] as const;
  for (const name of forward.slice(0, at)) await activities[name]({ ...order, canWait: true });
}

/** The types of an order's events; fails on a gap in their numbers. */
export async function eventsOf(db: Database, { checkoutId }: OrderKey): Promise<string[]> {
  const { rows } = await db.query<{ sequence: bigint; type: string }>(
    `select sequence, type from outbox_events where aggregateid = $1 order by sequence`,
    [checkoutId],
  );
  rows.forEach(({ sequence }, at) => {
    if (sequence !== BigInt(at + 1)) throw new Error(`Event ${at + 1} of ${checkoutId} has number ${sequence}`);
  });
  return rows.map(({ type }) => type);
}

export const stateOf = async (db: Database, { tenant, checkoutId }: OrderKey) => {
  const checkout = await readCheckout(db, tenant, checkoutId);
  if (!checkout) throw new Error(`${checkoutId} is not there`);
  return { state: checkout.state, steps: checkout.steps.map(({ state }) => state), refusal: checkout.refusal?.code };
};

/** What the step ledger has of each step. */
export async function ledgerOf(db: Database, { checkoutId }: OrderKey) {
  const { rows } = await db.query<{ step: string; done: boolean; undone: boolean }>(
    `select step, done_at is not null as done, undone_at is not null as undone from step_ledger where checkout_id = $1`,
    [checkoutId],
  );
  return STEPS.map((step) => {
    const row = rows.find((each) => each.step === step);
    return !row ? 'nothing' : !row.undone ? 'done' : row.done ? 'undone' : 'tombstone';
  });
}

/** Everything that Postgres has about an order, to compare before and after. */
export async function everythingAbout(db: Database, { checkoutId }: OrderKey): Promise<unknown> {
  const tables = [
    'orders',
    'order_lines',
    'payments',
    'stock_reservations',
    'fulfillments',
    'notifications',
    'loyalty_awards',
    'shipping_labels',
    'step_ledger',
  ];
  const rows = await Promise.all(
    tables.map((table) => db.query(`select * from ${table} where checkout_id = $1 order by 1, 2`, [checkoutId])),
  );
  const checkout = await db.query(`select * from checkouts where id = $1`, [checkoutId]);
  const events = await db.query(`select * from outbox_events where aggregateid = $1 order by sequence`, [checkoutId]);
  const stock = await db.query(`select * from stock order by sku`);
  return [...rows, checkout, events, stock].map(({ rows: found }) => found);
}
