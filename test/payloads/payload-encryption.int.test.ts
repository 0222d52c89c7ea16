import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WorkflowClient } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import type { CheckoutReceipt, OrderKey } from '../../src/contract/checkout';
import { dataConverterOf, replayDataConverterOf } from '../../src/payloads/data-converter';
import { readableStart } from '../../src/payloads/readable-start';
import { anOrder } from '../support/builders';
import { eventually } from '../support/eventually';
import { hits, inPlainSight } from '../support/plain-sight';
import { recordingActivities } from '../support/recording-activities';
import { SagaHarness } from '../support/saga-harness';
import { aKeyEntry } from '../runtime/setup';

type CheckoutWorkflow = (order: OrderKey) => Promise<CheckoutReceipt>;

const OLD = aKeyEntry('old');
const NEW = aKeyEntry('new');
const workflowBundle = { codePath: path.resolve(__dirname, '../../dist/workflow-bundle.js') };

let harness: SagaHarness;
beforeAll(async () => {
  harness = await SagaHarness.start();
});
afterAll(() => harness.stop());

function setup() {
  const { connection, nativeConnection } = harness.env;
  const taskQueue = `encryption-${randomUUID()}`;
  const clientWith = (payloadKeys: string) =>
    new WorkflowClient({
      connection,
      dataConverter: dataConverterOf(payloadKeys),
      interceptors: [readableStart],
    });
  const start = (payloadKeys: string) =>
    clientWith(payloadKeys).start<CheckoutWorkflow>(CHECKOUT_WORKFLOW, {
      workflowId: randomUUID(),
      taskQueue,
      args: [anOrder()],
      staticSummary: 'acme: 2 units in USD',
      memo: { tenant: 'acme' },
    });
  const workerWith = (payloadKeys: string, activities = recordingActivities().activities) =>
    Worker.create({
      connection: nativeConnection,
      taskQueue,
      workflowBundle,
      activities,
      dataConverter: dataConverterOf(payloadKeys),
    });
  /** With other keys than it was started with. */
  const seenWith = (payloadKeys: string, { workflowId }: WorkflowHandle) =>
    clientWith(payloadKeys).getHandle<CheckoutWorkflow>(workflowId);
  return { start, workerWith, seenWith };
}

/** Everything recorded so far, as searchable text. */
const recorded = async (handle: WorkflowHandle) => inPlainSight(await handle.fetchHistory());

test('an order under way survives a key rotation, and its receipt needs the new key', async () => {
  const { start, workerWith, seenWith } = setup();
  const handle = await start(OLD);

  const worker = await workerWith(`${NEW},${OLD}`);
  const receipt = await worker.runUntil(seenWith(`${NEW},${OLD}`, handle).result());

  expect(receipt).toMatchObject({ authorizationId: 'auth_1', trackingNumber: 'SB1' });
  await expect(seenWith(OLD, handle).result()).rejects.toThrow('encrypted with the key "new"');
  const history = await recorded(handle);
  expect(hits(history, ['auth_1', 'SB1', 'acme: 2 units in USD', '7/7 have the label made'])).toEqual([
    'acme: 2 units in USD',
    '7/7 have the label made',
  ]);
});

test('a worker without the key undoes and loses nothing: the order waits for a worker that has it', async () => {
  const { start, workerWith } = setup();
  const handle = await start(OLD);
  const { activities, calls } = recordingActivities();

  const wrong = await workerWith(NEW, activities);
  await wrong.runUntil(
    eventually(async () => ((await recorded(handle)).includes('workflowTaskFailed') ? true : undefined)),
  );
  const right = await workerWith(OLD);
  const receipt = await right.runUntil(handle.result());

  expect(receipt).toMatchObject({ authorizationId: 'auth_1' });
  expect(calls).toEqual([]);
  expect(hits(await recorded(handle), ['Encoded failure: UnreadablePayload'])).toHaveLength(1);
});

test('an order started before encryption was switched on finishes after it', async () => {
  const { start, workerWith, seenWith } = setup();
  const handle = await start('');

  const worker = await workerWith(NEW);
  const receipt = await worker.runUntil(seenWith(NEW, handle).result());

  expect(receipt).toMatchObject({ authorizationId: 'auth_1' });
  expect(hits(await recorded(handle), ['auth_1'])).toEqual([]);
});

test('an exported history, which lacks its workflow’s id, replays with its key and not without', async () => {
  const { start, workerWith } = setup();
  const handle = await start(OLD);
  const worker = await workerWith(OLD);
  await worker.runUntil(handle.result());
  const history = await handle.fetchHistory();
  const replay = (payloadKeys: string) =>
    Worker.runReplayHistory({ workflowBundle, dataConverter: replayDataConverterOf(payloadKeys) }, history);

  await replay(`${NEW},${OLD}`);

  await expect(replay(NEW)).rejects.toThrow();
});
