import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { tellPaymentNews } from '../../src/checkouts/tell-payment-news';
import { CHECKOUT_WORKFLOW, checkoutWorkflowId, PAYMENT_NEWS } from '../../src/contract/checkout';
import { aKey } from '../support/builders';
import { testEnvironment } from '../support/environment';

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: testEnvironment('TEST_TEMPORAL_ADDRESS') });
  client = new Client({ connection });
});
afterAll(() => connection.close());

const tell = tellPaymentNews((work) => work(client));

/** A checkout's workflow that no worker takes. */
async function started() {
  const idempotencyKey = aKey();
  const workflowId = checkoutWorkflowId('acme', idempotencyKey);
  const handle = await client.workflow.start(CHECKOUT_WORKFLOW, { workflowId, taskQueue: aKey() });
  const signals = async () =>
    ((await handle.fetchHistory()).events ?? []).flatMap(
      ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? [],
    );
  return { order: { tenant: 'acme', idempotencyKey }, handle, signals };
}

test('a running checkout gets the signal', async () => {
  const { order, handle, signals } = await started();

  await tell(order);

  expect(await signals()).toEqual([PAYMENT_NEWS]);
  await handle.terminate();
});

test('a checkout that has closed, or that Temporal does not know, needs no news', async () => {
  const { order, handle, signals } = await started();
  await handle.terminate();

  await tell(order);
  await tell({ tenant: 'acme', idempotencyKey: aKey() });

  expect(await signals()).toEqual([]);
});

test('while Temporal is away nobody is told, and the caller learns it', async () => {
  const away = tellPaymentNews(() => Promise.reject(new Error('UNAVAILABLE')));

  await expect(away({ tenant: 'acme', idempotencyKey: aKey() })).rejects.toThrow('UNAVAILABLE');
});
