import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import type { CheckoutActivities } from '../../src/contract/activities';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { anOrder } from '../support/builders';
import { testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { quietRuntime } from '../support/quiet-runtime';
import { recordingActivities } from '../support/recording-activities';
import { endOf, WORKFLOW_BUNDLE } from '../support/saga-harness';

type Wait = Parameters<CheckoutActivities['awaitPayment']>[0];

/** Activities of orders whose payment needs the customer. `asked` are the calls of `awaitPayment`. */
export function waiting(awaitPayment: CheckoutActivities['awaitPayment'], overrides: Partial<CheckoutActivities> = {}) {
  const asked: Wait[] = [];
  const { activities } = recordingActivities({
    authorizePayment: async () => ({ waitsFor: 'customer' }),
    awaitPayment: async (wait) => {
      asked.push(wait);
      return awaitPayment(wait);
    },
    ...overrides,
  });
  const times = (least: number) => eventually(() => (asked.length >= least ? true : undefined));
  return { activities, asked, times };
}

/** The real server of the tests, with a task queue for each test. */
export async function paymentServer() {
  quietRuntime();
  const address = testEnvironment('TEST_TEMPORAL_ADDRESS');
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const { workflow } = new Client({ connection });
  const workers: Worker[] = [];

  function queue() {
    const taskQueue = randomUUID();
    const workerOf = async (activities: CheckoutActivities, options: Partial<WorkerOptions> = {}) => {
      const worker = await Worker.create({
        ...{ connection: native, taskQueue, workflowBundle: WORKFLOW_BUNDLE, shutdownForceTime: '1s', activities },
        ...options,
      });
      workers.push(worker);
      return worker;
    };
    return {
      begin: (order: OrderKey = anOrder()): Promise<WorkflowHandle> =>
        workflow.start(CHECKOUT_WORKFLOW, { workflowId: order.checkoutId, taskQueue, args: [order] }),
      workerOf,
      /** With a worker that stops afterwards. */
      working: async <T>(activities: CheckoutActivities, work: () => Promise<T>, options?: Partial<WorkerOptions>) =>
        (await workerOf(activities, options)).runUntil(work),
    };
  }

  return {
    connection,
    queue,
    /** Also after a test that ran out of time, whose worker still runs. */
    async close() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await eventually(() => (workers.every((worker) => worker.getState() === 'STOPPED') ? true : undefined));
      await Promise.all([connection.close(), native.close()]);
    },
  };
}

export type PaymentServer = Awaited<ReturnType<typeof paymentServer>>;

export const eventsOf = async (handle: WorkflowHandle) => (await handle.fetchHistory()).events ?? [];

export const cancelled = (handle: WorkflowHandle) => handle.cancel().then(() => endOf(handle.result()));
