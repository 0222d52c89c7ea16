import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { workflowStarter } from '../../src/checkouts/workflow-starter';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { aKey, anOrder, aRequest } from '../support/builders';
import { testEnvironment } from '../support/environment';

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
  const starter = workflowStarter(
    (work) => {
      taken.plain += 1;
      return work(client);
    },
    (checkoutId) => failed.push(checkoutId),
    {},
    () =>
      isNear
        ? async () => {
            taken.eager += 1;
            throw new Error('the worker has lost its server');
          }
        : undefined,
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

test('the sweep takes the plain way: what is late goes to whichever worker has room', async () => {
  const { starter, checkout, taken } = setup({ isNear: true });

  await starter.start(checkout);

  expect(taken).toEqual({ eager: 0, plain: 1 });
});
