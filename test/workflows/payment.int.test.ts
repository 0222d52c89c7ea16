import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { CHECKOUT_WORKFLOW, PAYMENT_NEWS } from '../../src/contract/checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { meeting } from '../tools/replay/meeting';
import { accepted, checkoutWorld, eventsOf, ledgerOf, stateOf } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { loneWorker } from '../support/lone-worker';
import type { LoneWorker } from '../support/lone-worker';
import { endOf, LANES } from '../support/saga-harness';
import { undecidedPayment } from '../support/undecided-payment';

/* Payments that are undecided after their first answer: the real activities and a real server, which does not skip time. */
const AUTHORIZE = 1;
const HELD = { outcome: 'authorized', reference: 'auth_1' } as const;

let world: CheckoutWorld;
let temporal: LoneWorker;
beforeAll(async () => {
  [world, temporal] = await Promise.all([checkoutWorld(), loneWorker()]);
});
afterAll(async () => {
  await temporal.close();
  await world.close();
});

type Processor = ReturnType<typeof undecidedPayment>;

/** Resolves once the wait is noted. */
const begun = ({ checkoutId }: OrderKey) =>
  eventually(async () => {
    const { rowCount } = await world.db.query(`select from payment_waits where checkout_id = $1`, [checkoutId]);
    return rowCount === 1 ? true : undefined;
  });

describe.each(LANES)('%s lane', (lane) => {
  /** Runs an order to its end, and does `then` when its payment waits. */
  const run = (
    order: OrderKey,
    { activities }: Processor,
    then: (handle: WorkflowHandle) => Promise<unknown> = async () => undefined,
  ) => {
    const input = { ...order, ...(lane === 'fast' && { fastLane: true }) };
    return endOf(temporal.run(activities, CHECKOUT_WORKFLOW, input, (handle) => begun(order).then(() => then(handle))));
  };

  test('an approval ends the wait, and the order completes', async () => {
    const order = await accepted(world.db);
    const processor = undecidedPayment(world);

    await run(order, processor, async (handle) => {
      expect((await stateOf(world.db, order)).state).toBe('awaiting-customer');
      processor.says(HELD);
      await handle.signal(PAYMENT_NEWS);
    });

    expect((await stateOf(world.db, order)).state).toBe('completed');
    const events = await eventsOf(world.db, order);
    expect(events.slice(0, 3)).toEqual(['order.created', 'payment.awaiting-customer', 'payment.authorized']);
  });

  test('a payment that its processor decides is asked about, even if no news come', async () => {
    const order = await accepted(world.db);
    const processor = undecidedPayment(world);
    processor.says({ outcome: 'pending' });

    await run(order, processor, async () => {
      expect((await stateOf(world.db, order)).state).toBe('running');
      processor.says(HELD);
    });

    expect((await stateOf(world.db, order)).state).toBe('completed');
  });

  test('a decline after the customer was asked undoes the order', async () => {
    const order = await accepted(world.db);
    const processor = undecidedPayment(world);

    await run(order, processor, async (handle) => {
      processor.says({ outcome: 'declined', reason: 'not the holder' });
      await handle.signal(PAYMENT_NEWS);
    });

    expect(await stateOf(world.db, order)).toMatchObject({ state: 'refused', refusal: 'payment-declined' });
  });

  test.each([
    ['customer', undefined, 'payment-abandoned'],
    ['processor', { outcome: 'pending' }, 'step-unavailable'],
  ] as const)('what the %s has not decided at the deadline is undone, and void', async (_, says, refusal) => {
    const order = await accepted(world.db);
    const processor = undecidedPayment(world, { awaitCustomer: '1s' });
    if (says) processor.says(says);

    await run(order, processor);

    expect(await stateOf(world.db, order)).toMatchObject({ state: 'refused', refusal });
    expect((await ledgerOf(world.db, order)).slice(0, 3)).toEqual(['undone', 'tombstone', 'nothing']);
    expect(processor.said()).toEqual({ outcome: 'blocked' });
  });

  test('a cancel ends the wait at once, and an approval after it changes nothing', async () => {
    const order = await accepted(world.db);
    const processor = undecidedPayment(world);

    await run(order, processor, (handle) => handle.cancel());
    processor.says(HELD);
    const late = await processor.activities
      .authorizePayment({ ...order, canWait: true })
      .catch((cause: unknown) => cause);

    expect((await stateOf(world.db, order)).state).toBe('cancelled');
    expect(late).toMatchObject({ type: 'AlreadyUndone' });
    expect(await eventsOf(world.db, order)).not.toContain('payment.authorized');
  });

  test('a cancel that Temporal never hears of is found by the next attempt', async () => {
    const order = await accepted(world.db);

    await run(order, undecidedPayment(world), () =>
      world.db.query(`update checkouts set cancel_requested_at = now() where id = $1`, [order.checkoutId]),
    );

    expect((await stateOf(world.db, order)).state).toBe('cancelled');
  });

  test('an attempt that is slower than the one after it changes nothing', async () => {
    const order = await accepted(world.db);
    const processor = undecidedPayment(world);
    const { arrive, met, leave } = meeting();
    const answers: Promise<unknown>[] = [];
    const { awaitPayment } = processor.activities;
    const activities = {
      ...processor.activities,
      awaitPayment: (...wait: Parameters<typeof awaitPayment>) => {
        const answer = awaitPayment(...wait);
        answers.push(answer.catch(() => 'still undecided'));
        return answer;
      },
    };

    await run(order, { ...processor, activities }, async (handle) => {
      processor.holdsOnce(arrive);
      await handle.signal(PAYMENT_NEWS);
      await met;
      processor.says(HELD);
      await handle.signal(PAYMENT_NEWS);
      await handle.result();
      leave();
    });

    // The first attempt may have asked nobody. Of the others, the older one was told that the customer is still asked.
    expect((await Promise.all(answers)).slice(-2)).toEqual(Array(2).fill({ authorizationId: 'auth_1' }));
    expect((await ledgerOf(world.db, order))[AUTHORIZE]).toBe('done');
    expect((await eventsOf(world.db, order)).filter((type) => type.startsWith('payment.'))).toEqual([
      'payment.awaiting-customer',
      'payment.authorized',
    ]);
  });
});
