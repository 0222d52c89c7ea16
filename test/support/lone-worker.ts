import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { CheckoutActivities } from '../../src/contract/activities';
import type { CheckoutOrder } from '../../src/contract/checkout';
import { testEnvironment } from './environment';
import { quietRuntime } from './quiet-runtime';
import { WORKFLOW_BUNDLE } from './saga-harness';

/** The real Temporal of the tests, with a worker for one order at a time on its own task queue. */
export async function loneWorker(address = testEnvironment('TEST_TEMPORAL_ADDRESS')) {
  quietRuntime();
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const { workflow } = new Client({ connection });
  return {
    /** Runs an order to its end, and `during` meanwhile. */
    async run(
      activities: CheckoutActivities,
      type: string,
      order: CheckoutOrder,
      during: (handle: WorkflowHandle) => Promise<unknown>,
    ): Promise<void> {
      const taskQueue = randomUUID();
      const handle = await workflow.start(type, { workflowId: order.checkoutId, taskQueue, args: [order] });
      const options = { connection: native, taskQueue, workflowBundle: WORKFLOW_BUNDLE, shutdownForceTime: '1s' };
      const worker = await Worker.create({ ...options, activities });
      await worker.runUntil(Promise.all([handle.result(), during(handle)]));
    },
    close: async () => void (await Promise.all([connection.close(), native.close()])),
  };
}

export type LoneWorker = Awaited<ReturnType<typeof loneWorker>>;
