import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { cancelCheckout } from '../../src/checkouts/cancel-checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { REPAIR } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import { listAttention } from '../../src/checkouts/operators/list-attention';
import { accepted, checkoutWorld, eventsOf, stateOf } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { sagaTest } from '../support/lost-workflow';
import { endOf, LANES, SagaHarness } from '../support/saga-harness';

describe.each(LANES)('%s lane', (lane) => {
  let world: CheckoutWorld;
  let harness: SagaHarness;
  beforeAll(async () => {
    [world, harness] = await Promise.all([checkoutWorld(), SagaHarness.start(lane)]);
  });
  afterAll(async () => {
    await harness.stop();
    await world.close();
  });
  beforeEach(() => world.sandbox.faults([]));

  const UNDELIVERABLE = { name: 'A', line1: 'B', city: 'C', postalCode: '00000', country: 'GB' };
  const repair = (overrides: Partial<Repair>): Repair => ({
    id: randomUUID(),
    step: 'payment-authorized',
    action: 'retry',
    reason: 'the processor is back',
    operator: 'key-1',
    ...overrides,
  });
  const isOpen = async ({ checkoutId }: OrderKey) =>
    (await listAttention(world.db)).find((attention) => attention.checkoutId === checkoutId);
  const send = (handle: WorkflowHandle, what: Repair) =>
    handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: what.id, args: [what] });
  const refusalOf = (update: Promise<unknown>) =>
    update.then(
      () => 'done',
      (error: unknown) => {
        const { cause } = error as WorkflowUpdateFailedError;
        return error instanceof WorkflowUpdateFailedError && cause instanceof ApplicationFailure
          ? cause.message
          : String(error);
      },
    );
  type Open = NonNullable<Awaited<ReturnType<typeof isOpen>>>;
  /** Runs a checkout that gets stuck, and does `then` once it needs attention; returns how it ended. */
  const stuck = (order: OrderKey, then: (handle: WorkflowHandle, open: Open) => Promise<unknown>) =>
    endOf(
      harness.run(
        world.activities,
        async (handle) => {
          await harness.env.sleep('20m');
          await then(handle, await eventually(() => isOpen(order)));
        },
        order,
      ),
    );

  sagaTest('parks an undo past its budget, runs the older undos, and ends after a retry', async () => {
    const { db, sandbox } = world;
    const order = await accepted(db, { shippingAddress: UNDELIVERABLE });
    await sandbox.faults([{ provider: 'warehouse', operation: 'cancel', kind: 'fail-before' }]);

    const end = await stuck(order, async (handle, open) => {
      expect(open).toMatchObject({ step: 'fulfillment-triggered', kind: 'undo', amount: 3000, currency: 'USD' });
      await eventually(async () => ((await stateOf(db, order)).steps[0] === 'undone' ? true : undefined));
      expect(await stateOf(db, order)).toMatchObject({
        state: 'needs-attention',
        steps: ['undone', 'undone', 'undone', 'undo-failed', 'undone', 'undone', 'skipped'],
      });

      await sandbox.faults([]);
      const retry = repair({ step: 'fulfillment-triggered' });
      await send(handle, retry);
      await send(handle, retry);
    });

    expect(end).toBe('failed');
    expect(await stateOf(db, order)).toMatchObject({ state: 'refused', refusal: 'undeliverable-address' });
    expect((await eventsOf(db, order)).slice(-3)).toEqual([
      'fulfillment.cancelled',
      'attention.cleared',
      'checkout.refused',
    ]);
    const { rows } = await db.query(`select action, reason, operator from repairs where checkout_id = $1`, [
      order.checkoutId,
    ]);
    expect(rows).toEqual([{ action: 'retry', reason: 'the processor is back', operator: 'key-1' }]);
  });

  sagaTest('an undo that ended the order but lost all its answers waits for no operator', async () => {
    const { db, activities } = world;
    const order = await accepted(db, { payment: { token: 'tok_declined' } });
    const cancelOrder: typeof activities.cancelOrder = async (why) => {
      await activities.cancelOrder(why);
      throw new Error('The answer was lost');
    };

    const run = harness.run({ ...activities, cancelOrder }, () => harness.env.sleep('20m'), order);

    // By itself, and not because a day has passed.
    await expect(run).rejects.toMatchObject({ cause: { type: 'PaymentDeclined' } });
    expect(await stateOf(db, order)).toMatchObject({ state: 'refused', refusal: 'payment-declined' });
    expect(await isOpen(order)).toBeUndefined();
  });

  sagaTest('a retry that worked but lost all its answers waits for no other decision', async () => {
    const { db, activities } = world;
    const order = await accepted(db, { payment: { token: 'tok_declined' } });
    let isBack = false;
    const cancelOrder: typeof activities.cancelOrder = async (why) => {
      if (isBack) await activities.cancelOrder(why);
      throw new Error(isBack ? 'The answer was lost' : 'It is away');
    };

    const run = harness.run(
      { ...activities, cancelOrder },
      async (handle) => {
        await harness.env.sleep('20m');
        await eventually(() => isOpen(order));
        isBack = true;
        await send(handle, repair({ step: 'order-created' }));
      },
      order,
    );

    // By itself, and not because a day has passed.
    await expect(run).rejects.toMatchObject({ cause: { type: 'PaymentDeclined' } });
    expect(await stateOf(db, order)).toMatchObject({ state: 'refused', refusal: 'payment-declined' });
    expect(await isOpen(order)).toBeUndefined();
  });

  sagaTest('resolves an undo done by hand with a reason, and refuses invalid repairs with the valid ones', async () => {
    const { db, sandbox } = world;
    const order = await accepted(db, { shippingAddress: UNDELIVERABLE });
    await sandbox.faults([{ provider: 'payments', operation: 'void', kind: 'fail-before' }]);

    const end = await stuck(order, async (handle) => {
      const refusals = [
        await refusalOf(send(handle, repair({ step: 'stock-reserved' }))),
        await refusalOf(send(handle, repair({ action: 'skip' }))),
        await refusalOf(send(handle, repair({ reason: ' ' }))),
      ];
      expect(refusals).toEqual([
        'Nothing about stock-reserved waits for an operator.',
        'payment-authorized (undo) can be settled with retry, resolve, not with skip.',
        'A repair needs a reason.',
      ]);
      await send(handle, repair({ action: 'resolve', reason: 'voided in the dashboard' }));
    });

    expect(end).toBe('failed');
    expect((await stateOf(db, order)).state).toBe('refused');
    expect(await eventsOf(db, order)).toContain('payment.voided');
    expect((await sandbox.journal('payments', order.checkoutId)).map(({ outcome }) => outcome)).not.toContain('voided');
  });

  sagaTest(
    'a step past the pivot and its budget needs attention while it is retried, and can complete by itself',
    async () => {
      const { db, sandbox } = world;
      const order = await accepted(db);
      await sandbox.faults([{ provider: 'mail', operation: 'send', kind: 'fail-before' }]);

      const end = await stuck(order, async (_, open) => {
        expect(open).toMatchObject({ step: 'notification-sent', kind: 'step' });
        expect((await stateOf(db, order)).state).toBe('needs-attention');
        await sandbox.faults([]);
      });

      expect(end).toBe('completed');
      expect(await isOpen(order)).toBeUndefined();
      expect((await eventsOf(db, order)).slice(4, 7)).toEqual([
        'attention.raised',
        'attention.cleared',
        'notification.sent',
      ]);
    },
  );

  sagaTest('skips a stuck notification, and completes the order without it', async () => {
    const { db, sandbox } = world;
    const order = await accepted(db);
    await sandbox.faults([{ provider: 'mail', operation: 'send', kind: 'fail-before' }]);

    const end = await stuck(order, async (handle) => {
      await send(handle, repair({ step: 'notification-sent', action: 'skip', reason: 'told them by phone' }));
    });

    expect(end).toBe('completed');
    expect((await stateOf(db, order)).steps).toEqual(['done', 'done', 'done', 'done', 'skipped', 'done', 'done']);
    expect(await eventsOf(db, order)).toContain('notification.skipped');
  });

  sagaTest('undoes everything when an operator gives up a stuck label', async () => {
    const { db, sandbox } = world;
    const order = await accepted(db);
    await sandbox.faults([{ provider: 'carrier', operation: 'label', kind: 'fail-before' }]);

    const end = await stuck(order, async (handle) => {
      await send(handle, repair({ step: 'label-generated', action: 'cancel', reason: 'no carrier for weeks' }));
    });

    expect(end).toBe('failed');
    expect(await stateOf(db, order)).toMatchObject({ state: 'cancelled', refusal: 'cancelled' });
    expect((await eventsOf(db, order)).at(-1)).toBe('checkout.cancelled');
  });

  test('in a hundred races of a cancel and the label, one wins, and both sides see which', async () => {
    const { db, activities } = world;
    const orders = await Promise.all(Array.from({ length: 100 }, () => accepted(db)));
    for (const order of orders) {
      await activities.createOrder(order);
      await activities.authorizePayment(order);
      await activities.reserveStock(order);
      await activities.triggerFulfillment(order);
    }

    const races = await Promise.all(
      orders.map(async (order) => {
        const [label, { answer }] = await Promise.all([
          activities.generateLabel(order).then(
            () => 'completed',
            (error: unknown) => (error instanceof ApplicationFailure ? error.type : String(error)),
          ),
          cancelCheckout(db, { tenant: 'acme', id: order.checkoutId }),
        ]);
        return `${label} ${answer}`;
      }),
    );

    for (const race of races) expect(['completed too-late', 'Cancelled cancelling']).toContain(race);
  });
});
