import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { CHECKOUT_TASK_QUEUE, CHECKOUT_WORKFLOW, checkoutWorkflowId } from '../../src/contract/checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { reconcile } from '../../src/checkouts/recovery/reconcile';
import type { Recovery } from '../../src/checkouts/recovery/resume-checkout';
import { registerSearchAttributes } from '../../src/runtime/search-attributes';
import { checkoutWorld } from './checkout-world';
import { testEnvironment } from './environment';
import { eventually } from './eventually';
import { quietRuntime } from './quiet-runtime';
import { WORKFLOW_BUNDLE } from './saga-harness';

const RETENTION_SECONDS = 86_400;
const NOBODY_POLLS = 'nobody-polls';
const silent = pino({ level: 'silent' });

/** A checkout world in its own namespace, where no other test polls our task queue; with a worker, by default. */
export async function recoveryWorld({ searchAttributes = true, works = true } = {}) {
  quietRuntime();
  const world = await checkoutWorld();
  const address = testEnvironment('TEST_TEMPORAL_ADDRESS');
  const [connection, nativeConnection] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const namespace = `recovery-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
  });
  const client = new Client({ connection, namespace });
  // A new namespace takes a while to be known everywhere.
  await eventually(() => ready(client, searchAttributes));
  const stops: (() => Promise<void>)[] = [];
  const work = async (activities = world.activities) => {
    const worker = await Worker.create({
      connection: nativeConnection,
      namespace,
      taskQueue: CHECKOUT_TASK_QUEUE,
      workflowBundle: WORKFLOW_BUNDLE,
      activities,
    });
    const running = worker.run();
    stops.push(async () => {
      worker.shutdown();
      await running;
    });
  };
  if (works) await work();
  const { db } = world;
  const recovery: Recovery = { db, call: (work) => work(client), startOptions: {} };

  const keyOf = async ({ checkoutId }: OrderKey) => {
    const { rows } = await db.query<{ key: string }>(`select idempotency_key as key from checkouts where id = $1`, [
      checkoutId,
    ]);
    return rows[0]?.key ?? '';
  };
  const runOf = async (order: OrderKey): Promise<WorkflowHandle> =>
    client.workflow.getHandle(checkoutWorkflowId(order.tenant, await keyOf(order)));

  return {
    ...world,
    namespace,
    address,
    client,
    work,
    recovery,
    keyOf,
    runOf,
    /** A run that no worker has taken yet. */
    async start(order: OrderKey): Promise<WorkflowHandle> {
      await db.query(`update checkouts set started_at = now() where id = $1`, [order.checkoutId]);
      return client.workflow.start(CHECKOUT_WORKFLOW, {
        workflowId: checkoutWorkflowId(order.tenant, await keyOf(order)),
        taskQueue: NOBODY_POLLS,
        args: [order],
      });
    },
    /** Checks all orders now, whenever the last check was. */
    async reconcile(other: Partial<Recovery> = {}): Promise<number> {
      await db.query(`update reconciler set turn_at = '-infinity'`);
      return reconcile({ ...recovery, ...other }, silent);
    },
    async close() {
      for (const stop of stops) await stop();
      await Promise.all([nativeConnection.close(), connection.close()]);
      await world.close();
    },
  };
}

export type RecoveryWorld = Awaited<ReturnType<typeof recoveryWorld>>;

async function ready(client: Client, searchAttributes: boolean): Promise<true | undefined> {
  const { connection, options } = client;
  try {
    if (searchAttributes) await registerSearchAttributes(connection, options.namespace);
    await client.workflow.getHandle('nobody').describe();
    return undefined;
  } catch (error) {
    return error instanceof Error && error.name === 'WorkflowNotFoundError' ? true : undefined;
  }
}
