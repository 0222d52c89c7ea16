import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { checkoutActivities } from '../../activities';
import { accepted, checkoutWorld, eventsOf, stepsBefore, unwinding } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import type { OrderKey } from '../../src/contract/checkout';
import { replacing } from '../support/replaced-ports';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());
beforeEach(() => world.sandbox.faults([]));

const AUTHORIZE = 1;

async function priced(token: string): Promise<OrderKey> {
  const order = await accepted(world.db, { payment: { token } });
  await stepsBefore(world.activities, order, AUTHORIZE);
  return order;
}

const journalOf = async ({ checkoutId }: OrderKey) =>
  (await world.sandbox.journal('payments', checkoutId)).map(({ operation, outcome }) => `${operation} ${outcome}`);

test('refuses a declined card and publishes no event', async () => {
  const order = await priced('tok_declined');

  const refused: unknown = await world.activities.authorizePayment(order).catch((error: unknown) => error);

  expect(refused).toMatchObject({ type: 'PaymentDeclined', nonRetryable: true });
  expect(await eventsOf(world.db, order)).toEqual(['order.created']);
});

test('does not refuse what another attempt has done meanwhile', async () => {
  const order = await priced('tok_visa');
  const payments = await world.providers.providerOf('payments', order);
  const authorize = async () => {
    await world.activities.authorizePayment(order);
    return { outcome: 'declined', reason: 'do-not-honor' } as const;
  };
  const providerOf = replacing(world.providers.providerOf, { payments: { ...payments, authorize } });
  const late = checkoutActivities({ db: world.db, providerOf, choices: world.providers.choices });

  const answer = await late.authorizePayment(order);

  expect(answer).toEqual(await world.activities.authorizePayment(order));
});

test('a retry after a lost answer finds the authorization, and charges once', async () => {
  const order = await priced('tok_lost_answer');

  const lost: unknown = await world.activities.authorizePayment(order).catch((error: unknown) => error);
  const found = await world.activities.authorizePayment(order);

  expect(lost).toBeInstanceOf(Error);
  expect(lost).not.toBeInstanceOf(ApplicationFailure);
  expect(found).toEqual({ authorizationId: expect.stringMatching(/^auth_/) });
  expect(await journalOf(order)).toEqual(['authorize authorized', 'authorize replayed']);
});

test('an authorization that arrives after its void holds no money', async () => {
  const order = await priced('tok_visa');

  await world.activities.voidPayment(unwinding(order));
  // Removes our own tombstone: such an attempt looked before the void wrote it.
  await world.db.query(`delete from step_ledger where checkout_id = $1 and step = 'payment-authorized'`, [
    order.checkoutId,
  ]);
  const late: unknown = await world.activities.authorizePayment(order).catch((error: unknown) => error);

  expect(late).toMatchObject({ type: 'AlreadyUndone' });
  expect((await journalOf(order)).some((line) => line === 'authorize authorized')).toBe(false);
});

test('repeats a void whose answer was lost, and frees the money once', async () => {
  const order = await priced('tok_visa');
  await world.activities.authorizePayment(order);
  await world.sandbox.faults([{ provider: 'payments', operation: 'void', kind: 'lose-answer', times: 1 }]);

  await expect(world.activities.voidPayment(unwinding(order))).rejects.toThrow();
  await world.activities.voidPayment(unwinding(order));

  expect((await journalOf(order)).filter((line) => line === 'void voided')).toHaveLength(1);
  expect(await eventsOf(world.db, order)).toEqual(['order.created', 'payment.authorized', 'payment.voided']);
});
