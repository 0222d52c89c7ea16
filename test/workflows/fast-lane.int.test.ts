import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { CheckoutActivities } from '../../src/contract/activities';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import { anOrder } from '../support/builders';
import { testEnvironment } from '../support/environment';
import { loseTask } from '../support/lose-task';
import { quietRuntime } from '../support/quiet-runtime';
import { recordingActivities, STEP_TABLE } from '../support/recording-activities';
import { WORKFLOW_BUNDLE } from '../support/saga-harness';

let connection: Connection;
let native: NativeConnection;
beforeAll(async () => {
  quietRuntime();
  const address = testEnvironment('TEST_TEMPORAL_ADDRESS');
  [connection, native] = await Promise.all([Connection.connect({ address }), NativeConnection.connect({ address })]);
});
afterAll(async () => {
  await Promise.all([connection.close(), native.close()]);
});

const STEPS = STEP_TABLE.map(({ act }) => act);
/** The timeout of a workflow task that will be lost. */
const SOON = '1s';

/** Runs an order in the fast lane whose first workflow task is lost `lost` times, and returns what its history shows. */
async function ran({ lost = 0, overrides = {} }: { lost?: number; overrides?: Partial<CheckoutActivities> } = {}) {
  const order = anOrder();
  const taskQueue = randomUUID();
  const handle = await new Client({ connection }).workflow.start(CHECKOUT_WORKFLOW, {
    workflowId: order.checkoutId,
    taskQueue,
    args: [{ ...order, fastLane: true }],
    ...(lost > 0 && { workflowTaskTimeout: SOON }),
  });
  for (let left = lost; left > 0; left -= 1) await loseTask(connection, taskQueue);
  const { activities } = recordingActivities(overrides);
  const worker = await Worker.create({ connection: native, taskQueue, workflowBundle: WORKFLOW_BUNDLE, activities });
  await worker.runUntil(handle.result());
  const { events = [] } = await handle.fetchHistory();
  return {
    lost: events?.filter(({ workflowTaskTimedOutEventAttributes }) => workflowTaskTimedOutEventAttributes).length,
    localActivities: events?.filter(
      ({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_local_activity',
    ).length,
    patches: events?.filter(({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch').length,
    activities: events?.flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
    ),
  };
}

test('an order without faults leaves only the markers of its steps', async () => {
  expect(await ran()).toEqual({ lost: 0, localActivities: 7, patches: 0, activities: [] });
});

test.each([1, 2])(
  "after its first task was lost %d times, an order's steps are activities, so another crash costs one of them",
  async (lost) => {
    // However often the task is lost, the history shows only the first time.
    expect(await ran({ lost })).toMatchObject({ lost: 1, localActivities: 0, patches: 1, activities: STEPS });
  },
);

test('an order with a fault continues outside the lane', async () => {
  let attempts = 0;
  const reserveStock = async () => {
    if ((attempts += 1) === 1) throw new Error('cannot be asked');
    return { units: 2 };
  };

  expect(await ran({ overrides: { reserveStock } })).toMatchObject({ localActivities: 3, activities: STEPS.slice(2) });
});
