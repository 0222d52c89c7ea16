import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OrderKey } from '../../../src/contract/checkout';
import { append } from '../../../src/outbox/append';
import { settlementSink } from '../../../src/outbox/sinks/settlement';
import type { ProviderOf } from '../../../src/ports/providers';
import { accepted, checkoutWorld, eventsOf, stepsBefore } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { completed, labelOf } from '../../support/completed-order';
import { eventually } from '../../support/eventually';
import { replacing } from '../../support/replaced-ports';
import { STEP_TABLE } from '../../support/recording-activities';

let world: CheckoutWorld;
let providerOf: ProviderOf;
beforeAll(async () => {
  world = await checkoutWorld();
  ({ providerOf } = world.providers);
});
afterAll(() => world.close());
beforeEach(() => world.sandbox.faults([]));

const HOUR_MS = 3_600_000;

const sink = (providers = providerOf) => settlementSink({ db: world.db, providerOf: providers });
const deliver = async (...orders: OrderKey[]) =>
  sink().deliver(await Promise.all(orders.map((order) => labelOf(world, order))));
const statuses = async (...orders: OrderKey[]) => (await deliver(...orders)).map(({ status }) => status);
const faultAt = (kind: string, { checkoutId: key }: OrderKey, limits = {}) =>
  world.sandbox.faults([{ provider: 'payments', operation: 'capture', kind, key, ...limits }]);

/** What the processor did when it was asked to capture. */
const capturesOf = async ({ checkoutId }: OrderKey) =>
  (await world.sandbox.journal('payments', checkoutId))
    .filter(({ operation }) => operation === 'capture')
    .map(({ outcome }) => outcome);

/** The processor captured once, the payment says so, and the event was appended once, as the order's last. */
async function expectCapturedOnce(order: OrderKey): Promise<void> {
  const captured = (await world.sandbox.journal('payments', order.checkoutId))
    .filter(({ outcome }) => outcome === 'captured')
    .map(({ captureId, amount: minor, currency }) => ({ captureId, amount: { minor, currency } }));
  const { rows: announced } = await world.db.query(
    `select capture_id as "captureId", payload -> 'amount' as amount
       from payments
       join outbox_events on aggregateid = checkout_id and payload ->> 'captureId' = capture_id
      where checkout_id = $1`,
    [order.checkoutId],
  );
  expect(captured).toHaveLength(1);
  expect(announced).toEqual(captured);
  expect((await eventsOf(world.db, order)).slice(-2)).toEqual(['checkout.completed', 'payment.captured']);
}

test.each(['tok_visa', 'tok_flaky', 'tok_lost_answer'])(
  'captures the money of a labelled order with %s',
  async (token) => {
    const order = await accepted(world.db, { payment: { token } });
    await stepsBefore(world.activities, order, 1);
    // The tokens affect only the authorization, never the capture.
    await world.activities.authorizePayment(order).catch(() => world.activities.authorizePayment(order));
    for (const { act } of STEP_TABLE.slice(2)) await world.activities[act](order);

    expect(await deliver(order)).toEqual([{ status: 'delivered' }]);

    await expectCapturedOnce(order);
    expect(await capturesOf(order)).toEqual(['captured']);
  },
);

test('delivered twice, captures once and does not call the processor again', async () => {
  const order = await completed(world);

  expect(await statuses(order)).toEqual(['delivered']);
  expect(await statuses(order, order)).toEqual(['delivered', 'delivered']);

  expect(await capturesOf(order)).toEqual(['captured']);
  await expectCapturedOnce(order);
});

test('delivered by two relays at the same time, captures once', async () => {
  const order = await completed(world);
  // Both have called the processor before either has written.
  await faultAt('slow', order, { delayMs: 200 });

  expect(await Promise.all([statuses(order), statuses(order)])).toEqual([['delivered'], ['delivered']]);

  expect(await capturesOf(order)).toEqual(['captured', 'replayed']);
  await expectCapturedOnce(order);
});

test.each(['fail-before', 'lose-answer'])('retries after %s, and captures once', async (fault) => {
  const order = await completed(world);
  await faultAt(fault, order, { times: 1 });

  await expect(deliver(order)).rejects.toThrow('The provider');
  expect(await statuses(order)).toEqual(['delivered']);

  await expectCapturedOnce(order);
});

test('killed between the capture and its transaction, finds the same capture afterwards', async () => {
  const order = await completed(world);
  const payments = await providerOf('payments', order);
  const dying = replacing(providerOf, {
    payments: {
      authorize: (request) => payments.authorize(request),
      void: (request) => payments.void(request),
      capture: async (request) => {
        await payments.capture(request);
        throw new Error('killed');
      },
      refund: (request) => payments.refund(request),
    },
  });

  const [before] = await sink(dying).deliver([await labelOf(world, order)]);
  expect(await eventsOf(world.db, order)).not.toContain('payment.captured');

  expect(before).toEqual({ status: 'failed', reason: 'killed', retry: true });
  expect(await statuses(order)).toEqual(['delivered']);
  await expectCapturedOnce(order);
});

test('an expired authorization waits for an operator, and is captured once that is fixed', async () => {
  const [expired, other] = [await completed(world), await completed(world)];
  await faultAt('refuse', expired);

  const [outcome, next] = await deliver(expired, other);
  await world.sandbox.faults([]);
  const redriven = await statuses(expired);

  expect(outcome).toMatchObject({ status: 'failed', retry: false });
  expect(outcome).toMatchObject({ reason: expect.stringContaining('rejects the capture (authorization-expired)') });
  expect([next?.status, redriven]).toEqual(['delivered', ['delivered']]);
  expect(await capturesOf(expired)).toEqual(['rejected', 'captured']);
  await expectCapturedOnce(expired);
});

test('one order without an answer holds up no other, and no order is blamed when none gets an answer', async () => {
  const orders = await Promise.all(Array.from({ length: 6 }, () => completed(world)));
  const [stuck] = orders as [OrderKey];
  await faultAt('fail-before', stuck);

  const alone = await deliver(...orders);
  await world.sandbox.faults([{ provider: 'payments', operation: 'capture', kind: 'fail-before' }]);
  const others = await Promise.all(Array.from({ length: 20 }, () => completed(world)));

  expect(alone.map(({ status }) => status)).toEqual(['failed', ...orders.slice(1).map(() => 'delivered')]);
  expect(alone[0]).toMatchObject({
    retry: true,
    reason: 'The provider answered /provider/v1/payments/capture with status 503',
  });
  await expect(deliver(...others)).rejects.toThrow(
    'The provider answered /provider/v1/payments/capture with status 503',
  );
  // Only a few were tried: with a processor that hangs, each would cost a whole timeout.
  expect((await world.sandbox.fired())[0]).toBeLessThan(others.length / 2);
});

test.each([
  ['no payment', `delete from payments where checkout_id = $1`, 'no authorized payment'],
  ['a voided payment', `update payments set voided_at = now() where checkout_id = $1`, 'the payment was voided'],
])('a label with %s waits for an operator, and nothing is captured', async (_what, tampering, sentence) => {
  const order = await completed(world);
  await world.db.query(tampering, [order.checkoutId]);

  const [outcome] = await deliver(order);

  expect(outcome).toEqual({ status: 'failed', retry: false, reason: expect.stringContaining(sentence) });
  expect(await capturesOf(order)).toEqual([]);
});

test('the database refuses a payment that is both voided and captured', async () => {
  const order = await completed(world);
  await deliver(order);

  const voiding = world.db.query(`update payments set voided_at = now() where checkout_id = $1`, [order.checkoutId]);

  await expect(voiding).rejects.toThrow('never_voided_and_captured');
});

test('events appended while the capture waited for the order come before it', async () => {
  const order = await completed(world);

  const delivering = await world.db.transaction(async (tx) => {
    // Nobody gets the order's lock, and this transaction has no id yet, so any transaction that has one is older.
    await tx.query(`lock table checkouts in exclusive mode`);
    const delivered = statuses(order);
    await eventually(async () => {
      const { rowCount } = await tx.query(
        `select from pg_locks where relation = 'checkouts'::regclass and not granted`,
      );
      return rowCount === 0 ? undefined : true;
    });
    await append(tx, order.checkoutId, [{ type: 'notification.skipped', data: {} }]);
    return { delivered };
  });

  expect(await delivering.delivered).toEqual(['delivered']);
  expect((await eventsOf(world.db, order)).slice(-2)).toEqual(['notification.skipped', 'payment.captured']);
});

test('retries for a day, and then waits for an operator', () => {
  const rests = Array.from({ length: 100 }, (_, failures) => sink().retryAfterMs?.(failures + 1));

  const tried = rests.slice(0, rests.indexOf(undefined)) as number[];
  expect([tried[0], tried.at(-1)]).toEqual([1_000, HOUR_MS]);
  expect(Math.round(tried.reduce((sum, rest) => sum + rest) / HOUR_MS)).toBe(24);
  expect(rests.slice(tried.length).every((rest) => rest === undefined)).toBe(true);
});
