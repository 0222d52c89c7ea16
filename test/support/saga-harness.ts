import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { Connection, WorkflowClient } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import type { CheckoutOrder, CheckoutReceipt, OrderKey } from '../../src/contract/checkout';
import type { CheckoutActivities } from '../../src/contract/activities';
import { registerSearchAttributes } from '../../src/runtime/search-attributes';
import { anOrder } from './builders';
import { testEnvironment } from './environment';
import { quietRuntime } from './quiet-runtime';

/** Where a step's first attempt runs. */
export const LANES = ['regular', 'fast'] as const;
export type Lane = (typeof LANES)[number];

type CheckoutWorkflow = (order: CheckoutOrder) => Promise<CheckoutReceipt>;
export type SagaHandle = WorkflowHandle<CheckoutWorkflow>;
export type StartSaga = (order: OrderKey) => Promise<SagaHandle>;

/** What `npm run build` made, which is what a worker runs. */
export const WORKFLOW_BUNDLE = { codePath: path.resolve(__dirname, '../../dist/workflow-bundle.js') };

/** The workflow on the time-skipping server, with the given activities: hours of retries pass in no time. */
export class SagaHarness {
  private constructor(
    readonly env: TestWorkflowEnvironment,
    /**
     * For many checkouts. The SDK's interceptor, which is left out, tries a call again 100 ms after its connection was closed, aborted or
     * not, and what gRPC throws then nobody catches.
     */
    readonly connection: Connection,
    private readonly lane: Lane,
  ) {}

  static async start(lane: Lane = 'regular'): Promise<SagaHarness> {
    quietRuntime();
    const executable = { type: 'existing-path', path: testEnvironment('TEST_TIME_SKIPPING_SERVER') } as const;
    const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    await registerSearchAttributes(env.connection, 'default');
    const connection = await Connection.connect({ address: env.address, interceptors: [] });
    return new SagaHarness(env, connection, lane);
  }

  async stop(): Promise<void> {
    await this.connection.close();
    await this.env.teardown();
  }

  /** Starts a checkout, hands its handle to `during`, and waits for the end. */
  async run(
    activities: CheckoutActivities,
    during: (handle: SagaHandle) => Promise<void> = async () => undefined,
    order: OrderKey = anOrder(),
  ): Promise<CheckoutReceipt> {
    return this.#work(activities, this.env.client.workflow, async (start) => {
      const handle = await start(order);
      await during(handle);
      return handle.result();
    });
  }

  /** One worker for as many checkouts as `work` starts, with time skipped all the while. */
  async runMany<T>(activities: CheckoutActivities, work: (start: StartSaga) => Promise<T>): Promise<T> {
    const { testService } = this.env.connection;
    // Not the environment's own client: each result that it waits for unlocks time once more, and after the second the clock stands still.
    const client = new WorkflowClient({ connection: this.connection });
    await testService?.unlockTimeSkipping({});
    try {
      return await this.#work(activities, client, work);
    } finally {
      await testService?.lockTimeSkipping({});
    }
  }

  async #work<T>(activities: CheckoutActivities, client: WorkflowClient, work: (start: StartSaga) => Promise<T>) {
    const taskQueue = `saga-${randomUUID()}`;
    const worker = await Worker.create({
      connection: this.env.nativeConnection,
      taskQueue,
      workflowBundle: WORKFLOW_BUNDLE,
      activities,
    });
    return worker.runUntil(() =>
      work((order) => {
        const input: CheckoutOrder = this.lane === 'fast' ? { ...order, fastLane: true } : order;
        const options = { workflowId: order.checkoutId, taskQueue, args: [input] as [CheckoutOrder] };
        return client.start<CheckoutWorkflow>(CHECKOUT_WORKFLOW, options);
      }),
    );
  }
}
