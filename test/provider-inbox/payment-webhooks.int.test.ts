import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OrderKey } from '../../src/contract/checkout';
import { ledgerOf, stateOf, unwinding } from '../support/checkout-world';
import { inboxWorld, SECRETS } from './inbox-world';
import type { InboxWorld } from './inbox-world';

let world: InboxWorld;
beforeAll(async () => {
  world = await inboxWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.db.query(`update provider_notices set asked_at = now()`);
  world.told.length = 0;
});

type Sent = NonNullable<Parameters<InboxWorld['send']>[1]>;
const send = (order: OrderKey, sent: Omit<Sent, 'role'> = {}) => world.send(order, { ...sent, role: 'payments' });
const statusOf = async (order: OrderKey, sent: Omit<Sent, 'role'> = {}) => (await send(order, sent)).statusCode;

test('a webhook decides nothing: it only has the checkout told, whatever it says', async () => {
  const order = await world.paying();
  const before = [await stateOf(world.db, order), await ledgerOf(world.db, order)];

  const answer = await send(order, { says: { status: 'succeeded', outcome: 'authorized', reference: 'auth_1' } });
  await world.passOnNews();

  expect([answer.statusCode, answer.json()]).toEqual([200, { received: true }]);
  expect(world.told).toEqual([order.checkoutId]);
  expect([await stateOf(world.db, order), await ledgerOf(world.db, order)]).toEqual(before);
});

test('whoever stores news says so at once, and only then', async () => {
  const order = await world.paying();
  const before = world.news();

  await send(order, { id: 'evt_told' });
  await send(order, { id: 'evt_told' });
  await send(order, { secret: SECRETS.globex });
  await send(order, { body: '{}' });

  expect(world.news()).toBe(before + 1);
});

test('a webhook that is repeated, ten times at once and later, has the checkout told once', async () => {
  const order = await world.paying();

  const answers = await Promise.all(Array.from({ length: 10 }, () => statusOf(order, { id: 'evt_repeated' })));
  await world.passOnNews();
  answers.push(await statusOf(order, { id: 'evt_repeated' }));
  await world.passOnNews();

  expect(new Set(answers)).toEqual(new Set([200]));
  expect(world.told).toEqual([order.checkoutId]);
});

test('two webhooks of one payment, in any order, are news each', async () => {
  const order = await world.paying();

  await send(order, { id: 'evt_later' });
  await world.passOnNews();
  await send(order, { id: 'evt_earlier' });
  await world.passOnNews();

  expect(world.told).toEqual([order.checkoutId, order.checkoutId]);
});

test.each([
  ['authorized', (order: OrderKey) => world.activities.authorizePayment(order)],
  ['undone', (order: OrderKey) => world.activities.voidPayment(unwinding(order))],
])('nobody is told of a payment that is %s', async (_what, decide) => {
  const order = await world.paying({ choice: 'sandbox' });
  await decide(order);

  // As if it had begun at the provider that writes.
  await world.db.query(`update checkouts set providers = null where id = $1`, [order.checkoutId]);
  expect(await statusOf(order)).toBe(200);
  await world.passOnNews();

  expect(world.told).toEqual([]);
  expect(await world.passOnNews()).toBe(0);
});

test('news that cannot be passed on are passed on later, and hold up no others', async () => {
  const [order, other] = [await world.paying(), await world.paying()];
  await send(order);
  await send(other);
  await world.passOnNews(async ({ checkoutId }) => {
    if (checkoutId === order.checkoutId) throw new Error('Temporal is away');
    world.told.push(checkoutId);
  });
  expect(world.told).toEqual([other.checkoutId]);

  await world.passOnNews();
  expect(world.told).toEqual([other.checkoutId]);
  await world.db.query(`update provider_notices set next_ask_at = now()`);
  await world.passOnNews();

  expect(world.told).toEqual([other.checkoutId, order.checkoutId]);
});

test('a provider that never stops cannot fill the history of a checkout', async () => {
  const order = await world.paying();
  await world.db.query(
    `insert into provider_notices (source, role, notice_id, checkout_id, asked_at)
     select '-', 'payments', $1 || '-' || number, $1, now() from generate_series(1, 100) as number`,
    [order.checkoutId],
  );

  await send(order);
  await world.passOnNews();

  expect(world.told).toEqual([]);
});

const PLATFORM = { secret: SECRETS.platform };

test('the accounts of a platform have one address, and the order says whose account it is', async () => {
  const order = await world.paying({ choice: 'platform acct_acme' });

  const answers = [
    await statusOf(order, { ...PLATFORM, says: { account: 'acct_acme' } }),
    await statusOf(order, { ...PLATFORM, source: 'acme', says: { account: 'acct_acme' } }),
  ];

  expect(answers).toEqual([200, 200]);
  expect(await world.noticesOf(order)).toBe(2);
});

test.each([
  ['names another account', { says: { account: 'acct_globex' } }],
  ['names an account that we do not know', { says: { account: 'acct_stranger' } }],
  ["comes to another tenant's address", { source: 'globex', says: { account: 'acct_acme' } }],
])('a webhook of a platform that %s reaches no order', async (_what, sent) => {
  const order = await world.paying({ choice: 'platform acct_acme' });

  expect(await statusOf(order, { ...PLATFORM, ...sent })).toBe(404);
  expect(await world.noticesOf(order)).toBe(0);
});

test('the payment has to be the one that was stored under the key, as soon as one is', async () => {
  const order = await world.paying({ choice: 'platform acct_acme' });
  const about = (reference: string) => statusOf(order, { ...PLATFORM, says: { account: 'acct_acme', reference } });
  const early = await about('pi_1');
  await world.db.query(
    `insert into provider_references (tenant, role, key, reference) values ('acme', 'payments', $1, 'pi_1')`,
    [`${order.checkoutId}:payment-authorized`],
  );

  expect([early, await about('pi_1'), await about('pi_2')]).toEqual([200, 200, 404]);
});
