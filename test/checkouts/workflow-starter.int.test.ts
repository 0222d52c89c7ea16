import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowStartOptions } from '@temporalio/client';
import { sweepUnstarted } from '../../src/checkouts/sweep-unstarted';
import { WorkflowStarter } from '../../src/checkouts/workflow-starter';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { aKey, anOrder, aRequest } from '../support/builders';
import { accepted, checkoutWorld } from '../support/checkout-world';
import { testEnvironment } from '../support/environment';
import { letTimePass } from '../support/let-time-pass';

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: testEnvironment('TEST_TEMPORAL_ADDRESS') });
  client = new Client({ connection });
});
afterAll(() => connection.close());

/** A starter that counts how often each way was used. */
function setup({ isNear }: { isNear: boolean }) {
  const starts = { eager: 0, plain: 0 };
  const failed: string[] = [];
  const starter = new WorkflowStarter(
    {
      call: (work) => {
        starts.plain += 1;
        return work(client);
      },
      startOptions: {},
      eagerCall: () =>
        isNear
          ? async () => {
              starts.eager += 1;
              throw new Error('the worker has lost its server');
            }
          : undefined,
    },
    (checkoutId) => failed.push(checkoutId),
  );
  const checkout = { ...anOrder(), idempotencyKey: aKey(), request: aRequest() };
  const describe = () => client.workflow.getHandle(checkoutWorkflowId('acme', checkout.idempotencyKey)).describe();
  return { starter, checkout, starts, failed, describe };
}

test('starts the normal way when an eager start fails, and reports no failure', async () => {
  const { starter, checkout, starts, failed, describe } = setup({ isNear: true });

  starter.startSoon(checkout);
  await starter.idle();

  expect((await describe()).status.name).toBe('RUNNING');
  expect(starts).toEqual({ eager: 1, plain: 1 });
  expect(failed).toEqual([]);
});

test('starts the normal way without a worker in this process', async () => {
  const { starter, checkout, starts, describe } = setup({ isNear: false });

  starter.startSoon(checkout);
  await starter.idle();

  expect((await describe()).status.name).toBe('RUNNING');
  expect(starts).toEqual({ eager: 0, plain: 1 });
});

test('the sweep starts the normal way, so that a late checkout goes to any worker with room', async () => {
  const world = await checkoutWorld();
  await accepted(world.db);
  await letTimePass(world.db, 5_000);
  const eagerly: (boolean | undefined)[] = [];
  const recording = {
    workflow: {
      start: async (_: string, options: WorkflowStartOptions) => void eagerly.push(options.requestEagerStart),
    },
  } as unknown as Client;

  const swept = await sweepUnstarted(world.db, { call: (work) => work(recording), startOptions: {} });
  await world.close();

  expect(swept).toBe(1);
  expect(eagerly).toEqual([false]);
});
