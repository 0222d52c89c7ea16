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
/** Of a workflow task that is to be lost: it is soon given up. */
const SOON = '1s';

/** Runs an order of the fast lane whose first workflow task is lost so often, and returns what its history says of it. */
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
    inTheTask: events?.filter(
      ({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_local_activity',
    ).length,
    patches: events?.filter(({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch').length,
    activities: events?.flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
    ),
  };
}

test('an order that meets no trouble leaves no marker beside those of its steps', async () => {
  expect(await ran()).toEqual({ lost: 0, inTheTask: 7, patches: 0, activities: [] });
});

test.each([1, 2])(
  'an order whose first task was lost, %d times: its steps are activities, and a death costs one of them',
  async (lost) => {
    // However often it is lost, the history tells of the first time.
    expect(await ran({ lost })).toMatchObject({ lost: 1, inTheTask: 0, patches: 1, activities: STEPS });
  },
);

test('an order that met trouble goes on outside of the lane', async () => {
  let attempts = 0;
  const reserveStock = async () => {
    if ((attempts += 1) === 1) throw new Error('cannot be asked');
    return { units: 2 };
  };

  expect(await ran({ overrides: { reserveStock } })).toMatchObject({ inTheTask: 3, activities: STEPS.slice(2) });
});
