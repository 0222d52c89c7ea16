import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { CheckoutActivities } from '../../src/contract/activities';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import type { CheckoutOrder } from '../../src/contract/checkout';
import { activityAttempts } from '../../src/providers/calls/activity-attempts';
import { testEnvironment } from './environment';
import { WORKFLOW_BUNDLE } from './saga-harness';

export interface PrivateWorker {
  start(client: Client, workflowId: string, order: CheckoutOrder): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A worker on the real Temporal of the tests, on its own task queue: other test files start checkouts on the usual queue, and rely on no
 * worker there.
 */
export async function privateWorker(activities: CheckoutActivities): Promise<PrivateWorker> {
  // Attempts that fail on purpose would fill the terminal with warnings.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const taskQueue = `private-${randomUUID()}`;
  const connection = await NativeConnection.connect({ address: testEnvironment('TEST_TEMPORAL_ADDRESS') });
  const worker = await Worker.create({
    ...{ connection, taskQueue, workflowBundle: WORKFLOW_BUNDLE, activities },
    interceptors: { activity: [activityAttempts] },
  });
  const running = worker.run();
  return {
    async start(client, workflowId, order) {
      await client.workflow.start(CHECKOUT_WORKFLOW, { workflowId, taskQueue, args: [order] });
    },
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
