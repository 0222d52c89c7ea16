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

/** What was started, and how often each way was taken. */
function setup({ isNear }: { isNear: boolean }) {
  const taken = { eager: 0, plain: 0 };
  const failed: string[] = [];
  const starter = new WorkflowStarter(
    {
      call: (work) => {
        taken.plain += 1;
        return work(client);
      },
      startOptions: {},
      eagerCall: () =>
        isNear
          ? async () => {
              taken.eager += 1;
              throw new Error('the worker has lost its server');
            }
          : undefined,
    },
    (checkoutId) => failed.push(checkoutId),
  );
  const checkout = { ...anOrder(), idempotencyKey: aKey(), request: aRequest() };
  const describe = () => client.workflow.getHandle(checkoutWorkflowId('acme', checkout.idempotencyKey)).describe();
  return { starter, checkout, taken, failed, describe };
}

test('what cannot be started eagerly is started the plain way, and nobody hears of a failure', async () => {
  const { starter, checkout, taken, failed, describe } = setup({ isNear: true });

  starter.startSoon(checkout);
  await starter.idle();

  expect((await describe()).status.name).toBe('RUNNING');
  expect(taken).toEqual({ eager: 1, plain: 1 });
  expect(failed).toEqual([]);
});

test('without a worker in this process there is only the plain way', async () => {
  const { starter, checkout, taken, describe } = setup({ isNear: false });

  starter.startSoon(checkout);
  await starter.idle();

  expect((await describe()).status.name).toBe('RUNNING');
  expect(taken).toEqual({ eager: 0, plain: 1 });
});

test('the sweep starts what is late for whichever worker has room, and never eagerly', async () => {
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
