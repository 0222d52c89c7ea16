import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { checkoutActivities } from '../../activities';
import type { OrderKey } from '../../src/contract/checkout';
import { settlementSink } from '../../src/outbox/sinks/settlement';
import { openProviders } from '../../src/providers/open-providers';
import { accepted, checkoutWorld, stepsBefore, unwinding } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { labelOf } from '../support/completed-order';
import { STEP_TABLE } from '../support/recording-activities';
import { listeningSandbox, sandboxClient } from '../support/sandbox';

type Sandbox = Awaited<ReturnType<typeof listeningSandbox>>;

const FOLDER = mkdtempSync(path.join(os.tmpdir(), 'providers-'));
const ROLES = ['payments', 'warehouse', 'mail', 'carrier'];
const [AUTHORIZED, SHIPPED] = [2, 6];
let world: CheckoutWorld;
let older: Sandbox;
let newer: Sandbox;
beforeAll(async () => {
  [world, older, newer] = await Promise.all([checkoutWorld(), listeningSandbox(), listeningSandbox()]);
});
afterAll(async () => {
  await Promise.all([older.app.close(), newer.app.close(), world.close()]);
  rmSync(FOLDER, { recursive: true });
});

const old = (more: object = {}) => ({ adapter: 'sandbox', account: 'old', url: older.baseUrl, ...more });
const next = () => ({ adapter: 'sandbox', account: 'next', url: newer.baseUrl });
const forAllRoles = (entry: unknown) => ({ default: Object.fromEntries(ROLES.map((role) => [role, entry])) });

/** The activities and the settlement of processes that were started with this file. */
async function startedWith(content: object, sandbox?: { url: string }) {
  const file = path.join(FOLDER, 'providers.json');
  writeFileSync(file, JSON.stringify(content));
  const providers = await openProviders({
    ...{ file, sandbox, environment: {}, db: world.db, logger: pino({ level: 'silent' }) },
    calls: { guarded: (port) => port },
  });
  const settlement = settlementSink({ db: world.db, providerOf: providers.providerOf });
  return { ...checkoutActivities({ db: world.db, ...providers }), settlement };
}

const journalOf = async ({ app }: Sandbox, provider: string, { checkoutId }: OrderKey) =>
  (await sandboxClient(app).journal(provider, checkoutId)).map(({ operation, outcome }) => `${operation} ${outcome}`);

test('an order is captured and shipped where it began, after the file has changed', async () => {
  const order = await accepted(world.db);
  await stepsBefore(await startedWith(forAllRoles(old())), order, AUTHORIZED);

  const changed = await startedWith(forAllRoles([next(), old({ retired: true })]));
  for (const { act } of STEP_TABLE.slice(AUTHORIZED)) await changed[act](order);
  await changed.settlement.deliver([await labelOf(world, order)]);

  expect(await journalOf(older, 'payments', order)).toEqual(['authorize authorized', 'capture captured']);
  expect(await journalOf(older, 'carrier', order)).toEqual(['label generated']);
  for (const role of ROLES) expect(await journalOf(newer, role, order)).toEqual([]);
});

test('an order is undone where it began, after the file has changed', async () => {
  const order = await accepted(world.db);
  await stepsBefore(await startedWith(forAllRoles(old())), order, SHIPPED);

  const changed = await startedWith(forAllRoles([old({ retired: true }), next()]));
  for (const { undo } of STEP_TABLE.slice(0, SHIPPED).reverse()) await changed[undo](unwinding(order));

  expect(await journalOf(older, 'payments', order)).toEqual(['authorize authorized', 'void voided']);
  for (const role of ROLES) expect(await journalOf(newer, role, order)).toEqual([]);
});

test('a new order begins at what the file says now, its tenant first', async () => {
  const { default: own } = forAllRoles(next());
  const changed = await startedWith({ ...forAllRoles(old()), tenants: { acme: own } });
  const order = await accepted(world.db);

  await stepsBefore(changed, order, AUTHORIZED);

  expect(await journalOf(newer, 'payments', order)).toEqual(['authorize authorized']);
  expect(await journalOf(older, 'payments', order)).toEqual([]);
});

test('a process does not start without a provider that orders need, and says how many', async () => {
  const before = await startedWith(forAllRoles([old(), { ...next(), retired: true }]));
  const orders = [await accepted(world.db), await accepted(world.db)];
  for (const order of orders) await stepsBefore(before, order, AUTHORIZED);
  // Ended, and its money is still held.
  for (const { act } of STEP_TABLE.slice(AUTHORIZED)) await before[act](orders[0] as OrderKey);

  const without = startedWith(forAllRoles(next()));

  await expect(without).rejects.toThrow(
    /lacks what unfinished orders need: .*\d+ orders of acme at sandbox old for payments/,
  );
  await expect(without).rejects.toThrow('"retired": true');
});

test('an order that is older than choices stays at the sandbox, where there is one', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, AUTHORIZED);
  await world.db.query(`update checkouts set providers = null where id = $1`, [order.checkoutId]);

  const changed = await startedWith(forAllRoles([next(), old({ retired: true })]), {
    url: world.sandboxUrl,
  });
  await changed.voidPayment(unwinding(order));

  const { rows } = await world.db.query(`select providers from checkouts where id = $1`, [order.checkoutId]);
  expect(rows).toEqual([{ providers: { payments: 'sandbox' } }]);
  expect(await world.sandbox.journal('payments', order.checkoutId)).toMatchObject([{}, { outcome: 'voided' }]);
});

test('a role that nobody serves stops the process, with the names of all', async () => {
  await expect(startedWith({ default: { payments: old(), mail: old({ retired: true }) } })).rejects.toThrow(
    'No provider for warehouse (every tenant), mail (every tenant), carrier (every tenant)',
  );
  await expect(startedWith({ tenants: { globex: { payments: old() } } })).rejects.toThrow(
    'No provider for warehouse (globex), mail (globex), carrier (globex)',
  );
});
