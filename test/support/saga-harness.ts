import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { Connection, WorkflowClient, WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import type { CheckoutOrder, CheckoutReceipt, OrderKey } from '../../src/contract/checkout';
import type { CheckoutActivities } from '../../src/contract/activities';
import { registerSearchAttributes } from '../../src/runtime/search-attributes';
import { anOrder } from './builders';
import { testEnvironment } from './environment';
import { LostWorkflow } from './lost-workflow';
import { quietRuntime } from './quiet-runtime';

/** Where a step's first attempt runs. */
export const LANES = ['regular', 'fast'] as const;
export type Lane = (typeof LANES)[number];

type CheckoutWorkflow = (order: CheckoutOrder) => Promise<CheckoutReceipt>;
export type SagaHandle = WorkflowHandle<CheckoutWorkflow>;
export type StartSaga = (order: OrderKey) => Promise<SagaHandle>;

/** What `npm run build` made, which is what a worker runs. */
export const WORKFLOW_BUNDLE = { codePath: path.resolve(__dirname, '../../dist/workflow-bundle.js') };

/** How a checkout ended; rethrows errors that are not an end. */
export const endOf = (run: Promise<unknown>): Promise<'completed' | 'failed'> =>
  run.then(
    () => 'completed' as const,
    (error: unknown) => {
      if (error instanceof WorkflowFailedError) return 'failed';
      throw error;
    },
  );

/** Several times what a checkout takes here on a busy machine, and short enough for a retry within the test's time. */
const LOST_AFTER_MS = 25_000;

interface Server {
  readonly env: TestWorkflowEnvironment;
  readonly connection: Connection;
}

async function openServer(): Promise<Server> {
  quietRuntime();
  const executable = { type: 'existing-path', path: testEnvironment('TEST_TIME_SKIPPING_SERVER') } as const;
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await registerSearchAttributes(env.connection, 'default');
  return { env, connection: await Connection.connect({ address: env.address, interceptors: [] }) };
}

async function closeServer({ env, connection }: Server): Promise<void> {
  await connection.close();
  await env.teardown();
}

/** The workflow on the time-skipping server, with the given activities: hours of retries pass in no time. */
export class SagaHarness {
  private constructor(
    private server: Server,
    private readonly lane: Lane,
  ) {}

  static async start(lane: Lane = 'regular'): Promise<SagaHarness> {
    return new SagaHarness(await openServer(), lane);
  }

  get env(): TestWorkflowEnvironment {
    return this.server.env;
  }

  /**
   * For checkouts that may be given up. It leaves out the SDK's interceptor, which retries a call 100 ms after its connection was closed, even
   * if it was aborted, and then nothing catches gRPC's error.
   */
  get connection(): Connection {
    return this.server.connection;
  }

  async stop(): Promise<void> {
    await closeServer(this.server);
  }

  /**
   * Starts a checkout, runs `during` with its handle, and waits for its end, skipping time. If the server loses the workflow, the server is
   * replaced and a `LostWorkflow` is thrown: see `retryIfLost`.
   */
  async run(
    activities: CheckoutActivities,
    during: (handle: SagaHandle) => Promise<void> = async () => undefined,
    order: OrderKey = anOrder(),
  ): Promise<CheckoutReceipt> {
    const { server } = this;
    try {
      return await this.#work(activities, async (start) => {
        const handle = await start(order);
        const ended = during(handle).then(() => this.#skippingTime(() => handle.result()));
        const over = new AbortController();
        const late = rest(LOST_AFTER_MS, undefined, { signal: over.signal });
        const lost = late.then(async () => Promise.reject(await LostWorkflow.of(handle)));
        return Promise.race([ended, lost]).finally(() => over.abort());
      });
    } catch (cause) {
      if (!(cause instanceof LostWorkflow)) throw cause;
      this.server = await openServer();
      await closeServer(server);
      throw cause;
    }
  }

  /** One worker for any number of checkouts that `work` starts, skipping time all the while. */
  async runMany<T>(activities: CheckoutActivities, work: (start: StartSaga) => Promise<T>): Promise<T> {
    return this.#skippingTime(() => this.#work(activities, work));
  }

  // Not with the environment's own client: each result that it waits for unlocks time once more, and after the second the clock stands still.
  async #skippingTime<T>(meanwhile: () => Promise<T>): Promise<T> {
    const { server } = this;
    const { testService } = server.env.connection;
    await testService?.unlockTimeSkipping({});
    try {
      return await meanwhile();
    } finally {
      // A replaced server is being closed.
      if (server === this.server) await testService?.lockTimeSkipping({});
    }
  }

  async #work<T>(activities: CheckoutActivities, work: (start: StartSaga) => Promise<T>) {
    const client = new WorkflowClient({ connection: this.connection });
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
