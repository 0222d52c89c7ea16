import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cancelCheckout } from '../../src/checkouts/cancel-checkout';
import type { OrderKey } from '../../src/contract/checkout';
import type { Step } from '../../src/domain/steps';
import { listAttention } from '../../src/checkouts/operators/list-attention';
import { accepted, checkoutWorld, eventsOf, stateOf, stepsBefore, unwinding } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const STEP: Step = 'notification-sent';
const why = 'The provider is away.';
const raise = (order: OrderKey, kind: 'step' | 'undo', step: Step = STEP) =>
  world.activities.raiseAttention({ ...order, step, kind, why });
const openOf = async ({ checkoutId }: OrderKey) =>
  (await listAttention(world.db)).filter((open) => open.checkoutId === checkoutId).map(({ kind }) => kind);

test("a late attempt of a step clears the step's attention, not its undo's", async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 5);
  await raise(order, 'step');
  await raise(order, 'undo');

  await activities.sendNotification(order);

  expect(await openOf(order)).toEqual(['undo']);
  expect((await stateOf(db, order)).state).toBe('needs-attention');
  expect((await eventsOf(db, order)).slice(-3)).toEqual(['attention.raised', 'attention.raised', 'attention.cleared']);
});

test("a skip clears the step's attention, not its undo's", async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 4);
  await raise(order, 'step');
  await raise(order, 'undo');

  const audit = { id: order.checkoutId, reason: 'told them by phone', operator: 'key-1' };
  await activities.recordRepair({ ...order, ...audit, step: STEP, kind: 'step', action: 'skip' });

  expect(await openOf(order)).toEqual(['undo']);
});

test('an undo that works clears both, since an undone step needs no decision', async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 5);
  await raise(order, 'step');
  await raise(order, 'undo');

  await activities.sendCancellation(unwinding(order));

  expect(await openOf(order)).toEqual([]);
  expect((await stateOf(db, order)).state).toBe('running');
});

test('does not call operators for an undo that has worked', async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 2);
  await activities.voidPayment(unwinding(order));

  expect(await raise(order, 'undo', 'payment-authorized')).toBe('undone');

  expect(await openOf(order)).toEqual([]);
});

test('an attempt after an earlier version called operators too late clears the attention and ends the order', async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 2);
  const why = unwinding(order);
  await activities.voidPayment(why);
  await db.query(`insert into attention (checkout_id, step, kind, why) values ($1, 'payment-authorized', 'undo', '')`, [
    order.checkoutId,
  ]);
  await activities.cancelOrder(why);

  await activities.voidPayment(why);

  expect(await openOf(order)).toEqual([]);
  expect((await stateOf(db, order)).state).toBe('refused');
  expect((await eventsOf(db, order)).slice(-2)).toEqual(['attention.cleared', 'checkout.refused']);
});

test('a late attempt of a skipped step returns null, and after the order is undone it fails for good', async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 4);
  const audit = { id: order.checkoutId, reason: 'told them by phone', operator: 'key-1' };
  await activities.recordRepair({ ...order, ...audit, step: STEP, kind: 'step', action: 'skip' });

  const late = await activities.sendNotification(order);
  await activities.cancelOrder(unwinding(order));
  const tooLate = await activities.sendNotification(order).catch((error: unknown) => error);

  expect(late).toBeNull();
  expect(tooLate).toMatchObject({ type: 'AlreadyUndone', nonRetryable: true });
});

const audit = { reason: 'told them by phone', operator: 'key-1', step: STEP, kind: 'step' } as const;
const typeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { type?: string; message: string }) => error.type ?? error.message,
  );

test('refuses the second of two decisions made without knowing of each other, and names the first operator', async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 4);
  const [skip, cancel] = (['skip', 'cancel'] as const).map((action, at) => ({
    ...{ ...order, ...audit, action, id: `${order.checkoutId}:${at}`, seen: 0, operator: `key-${at}` },
  })) as [never, never];

  const settled = await Promise.allSettled([activities.recordRepair(skip), activities.recordRepair(cancel)]);

  const [refused, ...more] = settled.filter((each) => each.status === 'rejected');
  expect(more).toEqual([]);
  const { rows } = await db.query(`select operator, action, seen from repairs where checkout_id = $1`, [
    order.checkoutId,
  ]);
  expect(rows).toHaveLength(1);
  const { seen, ...first } = rows[0] as { seen: number };
  expect(seen).toBe(0);
  expect(refused?.reason).toMatchObject({ type: 'AlreadyDecided', nonRetryable: true, details: [first] });
  // Repeated, each gets the same answer as before.
  expect(
    (await Promise.allSettled([activities.recordRepair(skip), activities.recordRepair(cancel)])).map(
      ({ status }) => status,
    ),
  ).toEqual(settled.map(({ status }) => status));
});

test('accepts a decision that knows of the previous one, and one from a version that did not say', async () => {
  const { activities, db } = world;
  const order = await accepted(db);
  const retry = { ...order, ...audit, action: 'retry' } as const;

  await activities.recordRepair({ ...retry, id: `${order.checkoutId}:1`, seen: 0 });
  await activities.recordRepair({ ...retry, id: `${order.checkoutId}:2`, seen: 1 });
  await activities.recordRepair({ ...retry, id: `${order.checkoutId}:3` });

  const { rows } = await db.query(`select seen from repairs where checkout_id = $1 order by seen`, [order.checkoutId]);
  expect(rows).toEqual([{ seen: 0 }, { seen: 1 }, { seen: 2 }]);
});

test('does not skip a step of an order that its customer cancelled or that is being undone', async () => {
  const { activities, db } = world;
  const [cancelled, undone] = [await accepted(db), await accepted(db)];
  for (const order of [cancelled, undone]) await stepsBefore(activities, order, 4);
  await cancelCheckout(db, { tenant: 'acme', id: cancelled.checkoutId });
  await activities.cancelFulfillment(unwinding(undone));
  const skip = (order: OrderKey) =>
    typeOf(activities.recordRepair({ ...order, ...audit, action: 'skip', id: `${order.checkoutId}:1`, seen: 0 }));

  expect([await skip(cancelled), await skip(undone)]).toEqual(['NothingToRepair', 'NothingToRepair']);

  const { rows } = await db.query(`select from repairs where checkout_id = any ($1)`, [
    [cancelled.checkoutId, undone.checkoutId],
  ]);
  expect(rows).toEqual([]);
  expect(await eventsOf(db, cancelled)).not.toContain('notification.skipped');
});
