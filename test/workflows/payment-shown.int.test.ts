import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { meeting } from '../tools/replay/meeting';
import { endOf } from '../support/saga-harness';
import { WebUiReader } from '../support/web-ui-view';
import { paymentServer, waiting } from './waiting-payment';
import type { PaymentServer } from './waiting-payment';

let server: PaymentServer;
let webUi: WebUiReader;
beforeAll(async () => {
  server = await paymentServer();
  webUi = new WebUiReader(server.connection, '');
});
afterAll(() => server.close());

test('the Web UI says who is to decide, and lists the orders that wait for their customers', async () => {
  const { begin, working } = server.queue();
  const [customer, provider] = [meeting(), meeting()];
  const { activities } = waiting(async ({ waitsFor }) => {
    await (waitsFor === 'customer' ? customer : provider).arrive();
    return waitsFor === 'customer' ? { waitsFor: 'provider' } : { authorizationId: 'auth_1' };
  });
  const handle = await begin();

  const shown = await working(activities, async () => {
    await customer.met;
    const asksCustomer = await webUi.read(handle.workflowId);
    customer.leave();
    await provider.met;
    const asksProvider = await webUi.read(handle.workflowId);
    provider.leave();
    await handle.result();
    return [asksCustomer, asksProvider, await webUi.read(handle.workflowId)];
  });

  expect(shown.map(({ searchAttributes }) => searchAttributes[0])).toEqual([
    'awaiting-customer',
    'running',
    'completed',
  ]);
  expect(shown.map(({ currentDetails }) => /^Waits .*$/m.exec(currentDetails)?.[0])).toEqual([
    'Waits for the **customer** to approve the payment',
    'Waits for the **payment provider** to decide',
    undefined,
  ]);
  expect(shown[0]?.activities.at(-1)).toBe('ask until the payment is decided');
});

test('an order that is being undone no longer waits for its customer', async () => {
  const { begin, working } = server.queue();
  const { arrive, met, leave } = meeting();
  const { activities } = waiting(
    () => Promise.reject(ApplicationFailure.nonRetryable('Too late.', 'PaymentAbandoned')),
    { voidPayment: arrive },
  );
  const handle = await begin();

  const shown = await working(activities, async () => {
    await met;
    const undoing = await webUi.read(handle.workflowId);
    leave();
    await endOf(handle.result());
    return undoing;
  });

  expect(shown.searchAttributes).toEqual(['running', 'payment-authorized', undefined, 'payment-abandoned']);
  expect(shown.currentDetails).not.toContain('Waits for');
});
