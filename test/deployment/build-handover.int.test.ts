import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { NativeConnection, Worker } from '@temporalio/worker';
import pino from 'pino';
import { CHECKOUT_TASK_QUEUE, CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import { startBuildHandover } from '../../src/deployment/build-handover';
import { registerSearchAttributes } from '../../src/runtime/search-attributes';
import { anOrder } from '../support/builders';
import { testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { quietRuntime } from '../support/quiet-runtime';
import { recordingActivities } from '../support/recording-activities';
import { WORKFLOW_BUNDLE } from '../support/saga-harness';

/** The queue has a fixed name, and the other tests' namespace has checkouts that no worker processes. */
const NAMESPACE = `handover-${randomUUID()}`;

let connection: Connection;
let client: Client;
beforeAll(async () => {
  quietRuntime();
  connection = await Connection.connect({ address: testEnvironment('TEST_TEMPORAL_ADDRESS') });
  await connection.workflowService.registerNamespace({
    namespace: NAMESPACE,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  client = new Client({ connection, namespace: NAMESPACE });
});
afterAll(() => connection.close());

/** A new namespace takes some seconds to be known everywhere. */
const start = async () => {
  await eventually(() =>
    registerSearchAttributes(connection, NAMESPACE).then(
      () => true,
      () => undefined,
    ),
  );
  const order = anOrder();
  const options = { workflowId: order.checkoutId, taskQueue: CHECKOUT_TASK_QUEUE, args: [order] };
  return eventually(() => client.workflow.start(CHECKOUT_WORKFLOW, options).catch(() => undefined));
};

test('a worker sees that checkouts wait in Temporal, and when they no longer do', async () => {
  const checkout = await start();
  const handover = startBuildHandover({
    call: (work) => work(client),
    build: 'mine',
    promote: 'off',
    logger: pino({ level: 'silent' }),
  });
  await handover.settled;
  expect(handover.othersWait()).toBe(false);

  await eventually(() => handover.othersWait() || undefined);

  const native = await NativeConnection.connect({ address: testEnvironment('TEST_TEMPORAL_ADDRESS') });
  const worker = await Worker.create({
    connection: native,
    namespace: NAMESPACE,
    taskQueue: CHECKOUT_TASK_QUEUE,
    workflowBundle: WORKFLOW_BUNDLE,
    activities: recordingActivities().activities,
  });
  await worker.runUntil(async () => {
    await checkout.result();
    await eventually(() => !handover.othersWait() || undefined);
  });
  await handover.stop();
  await native.close();
});

test('a worker that is to take over asks again when Temporal does not answer in time', async () => {
  let calls = 0;
  const handover = startBuildHandover({
    call: (work) => {
      calls += 1;
      // The first two calls are past their deadline before they are sent.
      const deadline = Date.now() + (calls <= 2 ? -1 : 5_000);
      return connection.withDeadline(deadline, () => work(client));
    },
    build: 'mine',
    promote: 'on',
    logger: pino({ level: 'silent' }),
  });
  const settled = handover.settled.then(() => 'settled', String);

  await eventually(() => calls > 3 || undefined);
  await handover.stop();

  expect(await settled).toBe('settled');
});
