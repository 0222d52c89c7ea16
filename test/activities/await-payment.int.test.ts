import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { checkoutActivities } from '../../activities';
import type { OrderKey } from '../../src/contract/checkout';
import type { AuthorizationAnswer, PaymentGateway, Unseen } from '../../src/ports/payment-gateway';
import { ProviderFault } from '../../src/ports/provider-fault';
import {
  accepted,
  checkoutWorld,
  eventsOf,
  ledgerOf,
  stateOf,
  stepsBefore,
  unwinding,
} from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { replacing } from '../support/replaced-ports';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const AUTHORIZE = 1;
const URL = 'https://bank.example/approve/1';
const ASKS: AuthorizationAnswer = { outcome: 'customer-action', url: URL, expiresAt: '2100-01-01T00:00:00.000Z' };
const HELD: AuthorizationAnswer = { outcome: 'authorized', reference: 'auth_1' };

/** An order whose processor first answers `first`, and then whatever `tell` was given last. */
async function undecided(first: AuthorizationAnswer, { awaitCustomer = '15m' } = {}) {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, AUTHORIZE);
  let said: AuthorizationAnswer | Unseen | Error = first;
  let asked = 0;
  const answer = async () => {
    asked += 1;
    if (said instanceof Error) throw said;
    return said;
  };
  const voided: string[] = [];
  const payments = {
    authorize: answer,
    find: answer,
    void: async ({ key }: { key: string }) => void voided.push(key),
  } as unknown as PaymentGateway;
  const { choices } = world.providers;
  const providerOf = replacing(world.providers.providerOf, { payments });
  const activities = checkoutActivities({ db: world.db, providerOf, choices, awaitCustomer });
  const authorizePayment = () => activities.authorizePayment({ ...order, canWait: true });
  const awaitPayment = (waitsFor: 'customer' | 'provider', { attempt = 2, hasNews = false, isLast = false } = {}) =>
    new MockActivityEnvironment({ attempt })
      .run(() => activities.awaitPayment({ ...order, waitsFor, hasNews, isLast }))
      .catch((error: unknown) => error);
  const tell = (next: typeof said) => void (said = next);
  return { order, activities, authorizePayment, awaitPayment, tell, voided, asked: () => asked };
}

const waitOf = async ({ checkoutId }: OrderKey) =>
  (
    await world.db.query<{ url: string | null; settled: boolean }>(
      `select action_url as url, settled_at is not null as settled from payment_waits where checkout_id = $1`,
      [checkoutId],
    )
  ).rows[0];

test('a payment that needs the customer is neither done nor refused', async () => {
  const { order, authorizePayment } = await undecided(ASKS);

  const answer = await authorizePayment();

  expect(answer).toEqual({ waitsFor: 'customer' });
  expect(await stateOf(world.db, order)).toMatchObject({ state: 'awaiting-customer' });
  expect((await ledgerOf(world.db, order))[AUTHORIZE]).toBe('nothing');
  expect(await eventsOf(world.db, order)).toEqual(['order.created', 'payment.awaiting-customer']);
  expect(await waitOf(order)).toEqual({ url: URL, settled: false });
});

test('a payment that its processor still decides keeps the checkout running', async () => {
  const { order, authorizePayment } = await undecided({ outcome: 'pending' });

  expect(await authorizePayment()).toEqual({ waitsFor: 'provider' });
  expect(await stateOf(world.db, order)).toMatchObject({ state: 'running' });
  expect(await eventsOf(world.db, order)).toEqual(['order.created']);
});

test('the customer is told once, however often the processor says the same', async () => {
  const { order, authorizePayment } = await undecided(ASKS);

  await authorizePayment();
  await authorizePayment();

  expect(await eventsOf(world.db, order)).toEqual(['order.created', 'payment.awaiting-customer']);
});

test('an approval ends the wait, and nothing is left of the address', async () => {
  const { order, authorizePayment, awaitPayment, tell } = await undecided(ASKS);
  await authorizePayment();

  tell(HELD);
  const answer = await awaitPayment('customer');

  expect(answer).toEqual({ authorizationId: 'auth_1' });
  expect(await stateOf(world.db, order)).toMatchObject({ state: 'running' });
  expect(await waitOf(order)).toEqual({ url: null, settled: true });
  expect((await eventsOf(world.db, order)).at(-1)).toBe('payment.authorized');
});

test('is asked after five seconds, then twice as long each time, up to a minute', async () => {
  const { authorizePayment, awaitPayment } = await undecided(ASKS);
  await authorizePayment();

  const pauses: unknown[] = [];
  for (const attempt of [1, 2, 3, 4, 5, 6, 1_000]) {
    const failure = await awaitPayment('customer', { attempt });
    pauses.push((failure as { nextRetryDelay?: unknown }).nextRetryDelay);
  }

  expect(pauses).toEqual([5, 10, 20, 40, 60, 60, 60].map((seconds) => seconds * 1_000));
});

test('asks at once only if there are news', async () => {
  const { authorizePayment, awaitPayment, asked } = await undecided(ASKS);
  await authorizePayment();

  await awaitPayment('customer', { attempt: 1 });
  const before = asked();
  await awaitPayment('customer', { attempt: 1, hasNews: true });

  expect([before, asked()]).toEqual([1, 2]);
});

test('says so if it is the processor who decides now', async () => {
  const { order, authorizePayment, awaitPayment, tell } = await undecided(ASKS);
  await authorizePayment();

  tell({ outcome: 'pending' });

  expect(await awaitPayment('customer')).toEqual({ waitsFor: 'provider' });
  expect(await stateOf(world.db, order)).toMatchObject({ state: 'running' });
  expect(await waitOf(order)).toEqual({ url: null, settled: false });
});

const past = (order: OrderKey) =>
  world.db.query(`update payment_waits set deadline = now() - interval '1 s' where checkout_id = $1`, [
    order.checkoutId,
  ]);

test.each([
  [ASKS, 'customer', 'PaymentAbandoned'],
  [{ outcome: 'pending' }, 'provider', 'StepUnavailable'],
] as const)('at the deadline, what is still %p is refused', async (first, waitsFor, refusal) => {
  const { order, authorizePayment, awaitPayment } = await undecided(first);
  await authorizePayment();

  await past(order);

  expect(await awaitPayment(waitsFor)).toMatchObject({ type: refusal, nonRetryable: true });
});

test('at the deadline, an approval that came in time still counts', async () => {
  const { order, authorizePayment, awaitPayment, tell } = await undecided(ASKS);
  await authorizePayment();

  await past(order);
  tell(HELD);

  expect(await awaitPayment('customer')).toEqual({ authorizationId: 'auth_1' });
});

test('a processor that is away is asked again like in any step, until the deadline', async () => {
  const { order, authorizePayment, awaitPayment, tell } = await undecided(ASKS);
  await authorizePayment();
  tell(new ProviderFault('unreachable', 'The provider of payments cannot be reached'));

  expect(await awaitPayment('customer')).toMatchObject({ name: 'ProviderFault' });
  await past(order);
  expect(await awaitPayment('customer')).toMatchObject({ type: 'PaymentAbandoned' });
});

test('never pauses beyond the deadline', async () => {
  const { authorizePayment, awaitPayment } = await undecided(ASKS, { awaitCustomer: '2s' });
  await authorizePayment();

  const failure = (await awaitPayment('customer', { attempt: 5 })) as { nextRetryDelay: number };

  expect(failure.nextRetryDelay).toBeGreaterThan(0);
  expect(failure.nextRetryDelay).toBeLessThanOrEqual(2_000);
});

test('an order that is undone asks nobody any more', async () => {
  const { order, activities, authorizePayment, voided } = await undecided(ASKS);
  await authorizePayment();

  await activities.voidPayment({ ...unwinding(order), because: 'PaymentAbandoned' });

  expect(await waitOf(order)).toEqual({ url: null, settled: true });
  expect(await stateOf(world.db, order)).toMatchObject({ state: 'running' });
  expect(voided).toHaveLength(1);
});

test('the last call answers with the decision only', async () => {
  const { authorizePayment, awaitPayment, tell } = await undecided(ASKS);
  await authorizePayment();

  tell({ outcome: 'pending' });

  expect(await awaitPayment('customer', { isLast: true })).toMatchObject({ type: 'StillUndecided' });
});

test('at the deadline, a customer who has approved is told that the processor was too late', async () => {
  const { order, authorizePayment, awaitPayment, tell } = await undecided(ASKS);
  await authorizePayment();

  await past(order);
  tell({ outcome: 'pending' });

  expect(await awaitPayment('customer')).toMatchObject({ type: 'StepUnavailable', nonRetryable: true });
});

test('an order whose workflow is too old to wait gets a fault, not an answer that passes for a payment', async () => {
  const { order, activities } = await undecided(ASKS);

  await expect(activities.authorizePayment(order)).rejects.toMatchObject({ name: 'ProviderFault' });
  expect(await waitOf(order)).toBeUndefined();
});
