import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { STEPS } from '../../src/domain/steps';
import { aKey, aRequest } from '../support/builders';
import { eventsOf } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { idIn, RunningStack } from '../support/running-stack';

let stack: RunningStack;
let connection: Connection;
beforeAll(async () => {
  stack = new RunningStack();
  connection = await Connection.connect({ address: stack.file.temporal });
});
afterAll(async () => {
  await connection.close();
  await stack.db.close();
});

const FAR_AWAY = { ...aRequest().shippingAddress, postalCode: '00000' };
const SOLD_OUT = [{ sku: 'SOLD-OUT', quantity: 1 }];

const ORDERS = [
  { name: 'tok_visa', body: aRequest(), state: 'completed', code: undefined, undone: 0, journal: ['authorized'] },
  {
    name: 'tok_declined',
    body: aRequest({ payment: { token: 'tok_declined' } }),
    state: 'refused',
    code: 'payment-declined',
    undone: 1,
    journal: ['declined', 'closed'],
  },
  {
    name: 'SOLD-OUT',
    body: aRequest({ items: SOLD_OUT }),
    state: 'refused',
    code: 'out-of-stock',
    undone: 2,
    journal: ['authorized', 'voided'],
  },
  {
    name: 'postal code 00000',
    body: aRequest({ shippingAddress: FAR_AWAY }),
    state: 'refused',
    code: 'undeliverable-address',
    undone: 6,
    journal: ['authorized', 'voided'],
  },
];

test.each(ORDERS)(
  '$name ends $state with $undone undone, newest first',
  async ({ body, state, code, undone, journal }) => {
    const key = aKey();

    const id = idIn(await stack.place(body, { key }));
    const checkout = await stack.ended(id);

    expect(checkout.state).toBe(state);
    expect(checkout.refusal?.code).toBe(code);
    const states = checkout.steps.map((step) => step.state);
    expect(states).toEqual(
      state === 'completed' ? STEPS.map(() => 'done') : STEPS.map((_, at) => (at < undone ? 'undone' : 'skipped')),
    );
    const moments = checkout.steps.slice(0, undone).map(({ at }) => at ?? '');
    expect(moments).toEqual([...moments].sort().reverse());
    expect(await stack.authorizations(id)).toEqual(journal);

    const handle = new Client({ connection }).workflow.getHandle(checkoutWorkflowId('acme', key));
    // The checkout has ended in Postgres; its workflow ends a moment later.
    await handle.result().catch(() => undefined);
    const run = await handle.describe();
    expect(run.status.name).toBe(state === 'completed' ? 'COMPLETED' : 'FAILED');
    expect(await run.staticSummary()).toMatch(/^acme: \d units? in USD$/);
    expect(run.searchAttributes['CheckoutState']).toEqual([state]);
    expect(run.searchAttributes['RefusalCode'] ?? []).toEqual(code === undefined ? [] : [code]);
  },
);

test('numbers the events of an order without a gap, up to its end', async () => {
  const checkoutId = idIn(await stack.place());
  await stack.ended(checkoutId);

  // The capture's event comes after the end, a moment later.
  const events = await eventsOf(stack.db, { checkoutId, tenant: 'acme' });
  expect(events.slice(0, STEPS.length + 1)).toEqual([
    'order.created',
    'payment.authorized',
    'stock.reserved',
    'fulfillment.triggered',
    'notification.sent',
    'loyalty.awarded',
    'label.generated',
    'checkout.completed',
  ]);
});

test('captures the money of a completed order once, soon after its end', async () => {
  const checkoutId = idIn(await stack.place());
  await stack.ended(checkoutId);

  const events = await eventually(async () => {
    const types = await eventsOf(stack.db, { checkoutId, tenant: 'acme' });
    return types.includes('payment.captured') ? types : undefined;
  });

  expect(events.slice(-2)).toEqual(['checkout.completed', 'payment.captured']);
  const captured = (await stack.journal('payments', checkoutId)).filter(({ outcome }) => outcome === 'captured');
  expect(captured).toMatchObject([{ amount: 3000, currency: 'USD' }]);
});

test('a waiting client gets the outcome, and the same bytes every time after', async () => {
  const key = aKey();
  const waiting = { key, headers: { prefer: 'wait=20' } };

  const outcome = await stack.place(aRequest(), waiting);
  const acceptance = await stack.place(aRequest(), { key });
  const again = await stack.place(aRequest(), waiting);

  expect([outcome.status, acceptance.status, again.status]).toEqual([201, 202, 201]);
  expect(outcome.headers.get('preference-applied')).toBe('wait=20');
  expect(again.body.equals(outcome.body)).toBe(true);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(JSON.parse(outcome.body.toString())).toMatchObject({ id: idIn(acceptance), state: 'completed' });
});

test.each(['tok_slow', 'tok_lost_answer', 'tok_flaky'])('authorizes the card once with %s', async (token) => {
  const id = idIn(await stack.place(aRequest({ payment: { token } })));

  expect((await stack.ended(id)).state).toBe('completed');
  const outcomes = await stack.authorizations(id);
  expect(outcomes.filter((outcome) => outcome === 'authorized')).toHaveLength(1);
});
