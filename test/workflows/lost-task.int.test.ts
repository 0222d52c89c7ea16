import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import type { CheckoutActivities } from '../../src/contract/activities';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { accepted, checkoutWorld, eventsOf, ledgerOf, stateOf, stepsBefore } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { sagaTest, retryIfLost } from '../support/lost-workflow';
import { SagaHarness, WORKFLOW_BUNDLE } from '../support/saga-harness';

/*
 * A worker that dies inside a workflow task leaves no history of what it did there: to Temporal, the order has not begun. Here the steps run
 * by hand before the workflow starts, which looks the same.
 */
let world: CheckoutWorld;
let harness: SagaHarness;
beforeAll(async () => {
  [world, harness] = await Promise.all([checkoutWorld(), SagaHarness.start('fast')]);
});
afterAll(async () => {
  await harness.stop();
  await world.close();
});

const authorizations = async ({ checkoutId }: OrderKey) =>
  (await world.sandbox.journal('payments', checkoutId)).map(({ outcome }) => outcome);

/** The cancel is in the history before a worker takes the order. */
async function runCancelled(order: OrderKey): Promise<void> {
  const taskQueue = randomUUID();
  const { client, nativeConnection: connection } = harness.env;
  const args = [{ ...order, fastLane: true }];
  const handle = await client.workflow.start(CHECKOUT_WORKFLOW, { workflowId: order.checkoutId, taskQueue, args });
  await handle.cancel();
  const { activities } = world;
  const worker = await Worker.create({ connection, taskQueue, workflowBundle: WORKFLOW_BUNDLE, activities });
  await worker.runUntil(handle.result().catch(() => undefined));
}

test.each([1, 4, 6, 7])(
  'after %s steps and a lost task, the order completes with each step done once',
  retryIfLost(async (done: number) => {
    const order = await accepted(world.db);
    await stepsBefore(world.activities, order, done);
    if (done === 7) await world.activities.generateLabel(order);

    await harness.run(world.activities, undefined, order);

    expect((await stateOf(world.db, order)).state).toBe('completed');
    expect(await eventsOf(world.db, order)).toHaveLength(8);
    expect(await authorizations(order)).toEqual(['authorized']);
  }),
);

sagaTest('a lasting fault at the first step does not turn back an order whose sixth step has happened', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 6);
  const away: Partial<CheckoutActivities> = { createOrder: () => Promise.reject(new Error('cannot be asked')) };

  await harness.run({ ...world.activities, ...away }, undefined, order);

  expect((await stateOf(world.db, order)).state).toBe('completed');
  expect(await authorizations(order)).toEqual(['authorized']);
});

test('a cancel that only Temporal has undoes what a lost task did too, not only what is in the history', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 3);

  await runCancelled(order);

  expect((await stateOf(world.db, order)).state).toBe('cancelled');
  expect(await authorizations(order)).toEqual(['authorized', 'voided']);
  expect((await ledgerOf(world.db, order)).slice(0, 4)).toEqual(['undone', 'undone', 'undone', 'tombstone']);
});

test('a cancel that only Temporal has is too late for an order that a lost task completed', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 6);
  await world.activities.generateLabel(order);

  await runCancelled(order);

  expect((await stateOf(world.db, order)).state).toBe('completed');
  expect(await ledgerOf(world.db, order)).toEqual(Array.from({ length: 7 }, () => 'done'));
});

test('a worker that continues a lost task does nothing for an order that was turned back meanwhile', async () => {
  const { db, activities } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 2);
  const reason = { because: 'StepUnavailable', sentence: 'It did not work out.' } as const;

  const answer = await activities.giveUpStep({ ...order, ...reason, step: 'stock-reserved' });
  const late = await activities.reserveStock(order).catch((error: unknown) => error);

  expect(answer).toBeNull();
  expect(late).toMatchObject({ type: 'AlreadyUndone' });
  expect(await eventsOf(db, order)).toEqual(['order.created', 'payment.authorized']);
});

test('does not give up a step that has happened, and returns its answer', async () => {
  const { db, activities } = world;
  const order = await accepted(db);
  const first = await activities.createOrder(order);
  const reason = { because: 'Cancelled', sentence: 'It was cancelled.' } as const;

  const answer = await activities.giveUpStep({ ...order, ...reason, step: 'order-created' });

  expect(answer).toEqual(first);
  expect((await stateOf(db, order)).state).toBe('running');
});
