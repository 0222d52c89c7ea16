import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PAYMENT_NEWS } from '../../../src/contract/checkout';
import type { OrderKey } from '../../../src/contract/checkout';
import { hasEnded } from '../../../src/domain/checkout-states';
import { accepted, eventsOf, stateOf, stepsBefore } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { recoveryWorld } from '../../support/recovery-world';
import type { RecoveryWorld } from '../../support/recovery-world';
import { ASKS, undecidedPayment } from '../../support/undecided-payment';

const AFTER_THE_PAYMENT = 2;

let world: RecoveryWorld;
let processor: ReturnType<typeof undecidedPayment>;
beforeAll(async () => {
  world = await recoveryWorld({ works: false });
  processor = undecidedPayment(world);
  await world.work(processor.activities);
});
afterAll(() => world.close());

const deadlineOf = async ({ checkoutId }: OrderKey) =>
  (await world.db.query<{ deadline: Date }>(`select deadline from payment_waits where checkout_id = $1`, [checkoutId]))
    .rows[0]?.deadline;
const ended = (order: OrderKey) =>
  eventually(async () => {
    const checkout = await stateOf(world.db, order);
    return hasEnded(checkout.state) ? checkout : undefined;
  });

/** An order whose run was terminated while its customer was asked. */
async function terminated(): Promise<OrderKey> {
  const order = await accepted(world.db);
  processor.says(ASKS);
  await stepsBefore(processor.activities, order, AFTER_THE_PAYMENT);
  await (await world.start(order)).terminate('by hand');
  return order;
}

/** Resolves once the new run waits, between two attempts. */
const waitsAgain = (order: OrderKey) =>
  eventually(async () => {
    const { raw } = await (await world.runOf(order)).describe();
    const wait = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'awaitPayment');
    return (wait?.attempt ?? 0) > 1 ? true : undefined;
  });

test('an order whose run is terminated while its payment waits goes on waiting, with the same deadline', async () => {
  const order = await terminated();
  const deadline = await deadlineOf(order);

  await world.reconcile();
  await waitsAgain(order);

  expect((await stateOf(world.db, order)).state).toBe('awaiting-customer');
  expect(await deadlineOf(order)).toEqual(deadline);

  processor.says({ outcome: 'authorized', reference: 'auth_1' });
  await (await world.runOf(order)).signal(PAYMENT_NEWS);

  expect((await ended(order)).state).toBe('completed');
  expect((await eventsOf(world.db, order)).slice(0, 3)).toEqual([
    'order.created',
    'payment.awaiting-customer',
    'payment.authorized',
  ]);
});

test('if the deadline passes while there is no run, the next one undoes the order', async () => {
  const order = await terminated();
  await world.db.query(`update payment_waits set deadline = now() where checkout_id = $1`, [order.checkoutId]);

  await world.reconcile();

  expect(await ended(order)).toMatchObject({ state: 'refused', refusal: 'payment-abandoned' });
});
