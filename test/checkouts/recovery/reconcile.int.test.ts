import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cancelCheckout } from '../../../src/checkouts/cancel-checkout';
import type { OrderKey } from '../../../src/contract/checkout';
import { REPAIR } from '../../../src/contract/repair';
import type { Repair } from '../../../src/contract/repair';
import { hasEnded } from '../../../src/domain/checkout-states';
import { STEPS } from '../../../src/domain/steps';
import { accepted, eventsOf, ledgerOf, stateOf, stepsBefore, unwinding } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { recoveryWorld } from '../../support/recovery-world';
import type { RecoveryWorld } from '../../support/recovery-world';

let world: RecoveryWorld;
beforeAll(async () => (world = await recoveryWorld()));
afterAll(() => world.close());
beforeEach(() => world.sandbox.faults([]));

const ended = (order: OrderKey) =>
  eventually(async () => {
    const checkout = await stateOf(world.db, order);
    return hasEnded(checkout.state) ? checkout : undefined;
  });
const authorizations = async ({ checkoutId }: OrderKey) =>
  (await world.sandbox.journal('payments', checkoutId)).map(({ outcome }) => outcome);
const resumesOf = async ({ checkoutId }: OrderKey) =>
  (await world.db.query(`select number, found from resumes where checkout_id = $1 order by number`, [checkoutId])).rows;
const isStranded = async ({ checkoutId }: OrderKey) =>
  (await world.db.query(`select from checkouts where id = $1 and stranded_at is not null`, [checkoutId])).rowCount ===
  1;

/** An order whose run was terminated after this many steps. */
async function terminated(done: number, act = async (_: OrderKey): Promise<unknown> => undefined): Promise<OrderKey> {
  const order = await accepted(world.db);
  const run = await world.start(order);
  await stepsBefore(world.activities, order, done);
  await act(order);
  await run.terminate('by hand');
  return order;
}

test.each([0, 1, 2, 3, 4, 5, 6])(
  'resumes an order terminated after %s steps, and it completes with each step done once',
  async (done) => {
    const order = await terminated(done);

    expect(await world.reconcile()).toBe(1);

    expect((await ended(order)).state).toBe('completed');
    expect(await eventsOf(world.db, order)).toHaveLength(STEPS.length + 1);
    expect(await authorizations(order)).toEqual(['authorized']);
    expect(await resumesOf(order)).toEqual([{ number: 1, found: 'terminated' }]);
    expect(await isStranded(order)).toBe(false);
  },
);

describe('finishes undoing an order that was being undone', () => {
  const UNDOS = ['releaseStock', 'voidPayment', 'cancelOrder'] as const;

  test.each([0, 1, 2])('with %s undos done', async (undone) => {
    const order = await terminated(2, async (each) => {
      await world.activities.giveUpStep({ ...unwinding(each), step: 'stock-reserved' });
      for (const undo of UNDOS.slice(0, undone)) await world.activities[undo](unwinding(each));
    });

    await world.reconcile();

    expect(await ended(order)).toEqual({
      state: 'refused',
      refusal: 'out-of-stock',
      steps: ['undone', 'undone', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped'],
    });
    expect(await authorizations(order)).toEqual(['authorized', 'voided']);
    expect(await ledgerOf(world.db, order)).toEqual([
      'undone',
      'undone',
      'tombstone',
      ...Array.from({ length: 4 }, () => 'nothing'),
    ]);
    expect((await eventsOf(world.db, order)).slice(2)).toEqual([
      'payment.voided',
      'order.cancelled',
      'checkout.refused',
    ]);
  });

  test('which ends cancelled if its customer cancelled it', async () => {
    const order = await terminated(4, async (each) => {
      await cancelCheckout(world.db, { tenant: 'acme', id: each.checkoutId });
      const cancelled = { ...each, because: 'Cancelled', sentence: 'The checkout was cancelled.' } as const;
      await world.activities.cancelFulfillment(cancelled);
    });

    await world.reconcile();

    expect(await ended(order)).toMatchObject({ state: 'cancelled', refusal: 'cancelled' });
    expect((await eventsOf(world.db, order)).at(-1)).toBe('checkout.cancelled');
  });

  test("also if only the provider's undo had happened, and Postgres did not know", async () => {
    const order = await terminated(1, ({ checkoutId }) =>
      world.sandbox.post('/provider/v1/payments/void', `${checkoutId}:payment-authorized`, {}),
    );

    await world.reconcile();

    expect(await ended(order)).toMatchObject({ state: 'refused', refusal: 'step-unavailable' });
  });
});

test('ends an order for the reason in its row, whatever reason its run has', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 2);
  await world.activities.giveUpStep({ ...unwinding(order), step: 'stock-reserved' });

  const another = { ...order, because: 'Cancelled', sentence: 'The checkout was cancelled.' } as const;
  for (const undo of ['releaseStock', 'voidPayment', 'cancelOrder'] as const) await world.activities[undo](another);

  expect(await stateOf(world.db, order)).toMatchObject({ state: 'refused', refusal: 'out-of-stock' });
  expect((await eventsOf(world.db, order)).at(-1)).toBe('checkout.refused');
});

test('a cancel accepted while the order was stranded takes effect', async () => {
  const order = await terminated(3);
  const { answer } = await cancelCheckout(world.db, { tenant: 'acme', id: order.checkoutId });

  await world.reconcile();

  expect(answer).toBe('cancelling');
  expect((await ended(order)).state).toBe('cancelled');
  expect(await authorizations(order)).toEqual(['authorized', 'voided']);
});

test('completes an order that was completing', async () => {
  const order = await terminated(6, ({ checkoutId }) =>
    world.db.query(`update checkouts set completing_at = now() where id = $1`, [checkoutId]),
  );

  await world.reconcile();

  expect((await ended(order)).state).toBe('completed');
});

describe('what waited for operators waits for them again, and is settled', () => {
  const repair = async (order: OrderKey, act: Pick<Repair, 'step' | 'action'>) => {
    const args: [Repair] = [
      { ...act, id: `${order.checkoutId}:1`, reason: 'The provider is back.', operator: 'key-1' },
    ];
    await (await world.runOf(order)).executeUpdate<void, [Repair]>(REPAIR, { args });
  };

  test('a parked undo', async () => {
    const order = await terminated(2, async (each) => {
      const { because, sentence } = unwinding(each);
      const reason = { because, sentence };
      const why = 'The processor is away.';
      await world.activities.giveUpStep({ ...unwinding(each), step: 'stock-reserved' });
      await world.activities.releaseStock(unwinding(each));
      await world.activities.raiseAttention({
        ...each,
        step: 'payment-authorized',
        kind: 'undo',
        why,
        unwinding: reason,
      });
    });

    await world.reconcile();
    await eventually(async () => ((await ledgerOf(world.db, order))[0] === 'undone' ? true : undefined));
    expect((await stateOf(world.db, order)).state).toBe('needs-attention');
    await repair(order, { step: 'payment-authorized', action: 'retry' });

    expect(await ended(order)).toMatchObject({ state: 'refused', refusal: 'out-of-stock' });
    expect(await authorizations(order)).toEqual(['authorized', 'voided']);
  });

  test('a step after the pivot, which is retried', async () => {
    await world.sandbox.faults([{ provider: 'mail', operation: 'send', kind: 'fail-before' }]);
    const order = await terminated(4, (each) =>
      world.activities.raiseAttention({ ...each, step: 'notification-sent', kind: 'step', why: 'The mail is away.' }),
    );

    await world.reconcile();
    await eventually(() =>
      repair(order, { step: 'notification-sent', action: 'skip' }).then(
        () => true,
        () => undefined,
      ),
    );

    expect((await ended(order)).state).toBe('completed');
    expect((await stateOf(world.db, order)).steps[4]).toBe('skipped');
  });
});

test('a step that an operator skipped stays skipped, and the order completes', async () => {
  const order = await terminated(4, async (each) => {
    await world.activities.raiseAttention({
      ...each,
      step: 'notification-sent',
      kind: 'step',
      why: 'The mail is away.',
    });
    const act = { step: 'notification-sent', kind: 'step', action: 'skip' } as const;
    await world.activities.recordRepair({
      ...each,
      ...act,
      id: each.checkoutId,
      reason: 'By phone.',
      operator: 'key-1',
    });
  });

  await world.reconcile();

  expect(await ended(order)).toMatchObject({
    state: 'completed',
    steps: ['done', 'done', 'done', 'done', 'skipped', 'done', 'done'],
  });
  expect(await world.sandbox.journal('mail', order.checkoutId)).toEqual([]);
});
