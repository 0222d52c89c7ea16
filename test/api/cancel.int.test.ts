import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { eventsOf, stateOf, stepsBefore, unwinding } from '../support/checkout-world';
import { codeOf, complete, idOf } from './setup';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const cancel = (id: string, apiKey = 'sk_sandbox_acme') =>
  world.app.inject({
    method: 'POST',
    url: `/v1/checkouts/${id}/cancel`,
    headers: { authorization: `Bearer ${apiKey}` },
  });

const placed = async (key = aKey()): Promise<OrderKey & { key: string }> => ({
  checkoutId: idOf(await place(world.app, { key })),
  tenant: 'acme',
  key,
});

test('answers a cancel with 202 and a link, and a repeated one with the same bytes', async () => {
  const { checkoutId: id } = await placed();

  const answers = [await cancel(id), await cancel(id), await cancel(id, 'sk_sandbox_operator')];

  for (const answer of answers) {
    expect(answer.statusCode).toBe(202);
    expect(answer.headers.location).toBe(`/v1/checkouts/${id}`);
    expect(answer.json()).toEqual({ id, links: { self: `/v1/checkouts/${id}` } });
    expect(answer.body).toBe(answers[0]?.body);
  }
});

test("answers for another tenant's checkout as for one that does not exist, and does not cancel it", async () => {
  const order = await placed();

  const theirs = await cancel(order.checkoutId, 'sk_sandbox_globex');
  const nobodys = await cancel(`chk_${'0'.repeat(32)}`, 'sk_sandbox_globex');

  expect([theirs.statusCode, nobodys.statusCode]).toEqual([404, 404]);
  expect(theirs.body).toBe(nobodys.body);
  await complete(world, order.checkoutId);
  expect((await stateOf(world.db, order)).state).toBe('completed');
});

test('is too late once the label is under way, even if the carrier does not answer', async () => {
  const order = await placed();
  await stepsBefore(world.activities, order, 6);
  await world.sandbox.faults([
    { provider: 'carrier', operation: 'label', kind: 'fail-before', key: order.checkoutId, times: 1 },
  ]);
  await expect(world.activities.generateLabel(order)).rejects.toThrow();

  const during = await cancel(order.checkoutId);
  await world.activities.generateLabel(order);
  const after = await cancel(order.checkoutId);

  expect([during.statusCode, codeOf(during)]).toEqual([409, 'too-late-to-cancel']);
  expect(after.body).toBe(during.body);
  expect(during.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect((await stateOf(world.db, order)).state).toBe('completed');
});

test('is too late while the order is being undone for another reason, and after it was refused', async () => {
  const order = await placed();
  await stepsBefore(world.activities, order, 2);
  await world.activities.voidPayment(unwinding(order));

  const undoing = await cancel(order.checkoutId);
  await world.activities.cancelOrder(unwinding(order));
  const refused = await cancel(order.checkoutId);

  expect([undoing, refused].map(codeOf)).toEqual(['too-late-to-cancel', 'too-late-to-cancel']);
  expect(await stateOf(world.db, order)).toMatchObject({ state: 'refused', refusal: 'out-of-stock' });
});

test('before the first step, nothing runs any more, and the outcome is the problem `cancelled`', async () => {
  const order = await placed();
  expect((await cancel(order.checkoutId)).statusCode).toBe(202);

  await expect(world.activities.createOrder(order)).rejects.toMatchObject({ type: 'Cancelled', nonRetryable: true });
  await undone(order, ['cancelOrder']);

  expect(await stateOf(world.db, order)).toMatchObject({ state: 'cancelled', refusal: 'cancelled' });
  expect(await eventsOf(world.db, order)).toEqual(['checkout.cancelled']);
  const outcome = await place(world.app, { key: order.key, headers: { prefer: 'wait=5' } });
  expect(outcome.statusCode).toBe(409);
  expect(outcome.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(outcome.json()).toMatchObject({
    type: '/problems/cancelled',
    code: 'cancelled',
    detail: 'The checkout was cancelled.',
    checkoutId: order.checkoutId,
  });
  expect((await cancel(order.checkoutId)).statusCode).toBe(202);
});

test('halfway, the next step refuses, and what was done is undone', async () => {
  const order = await placed();
  await stepsBefore(world.activities, order, 3);
  expect((await cancel(order.checkoutId)).statusCode).toBe(202);

  await expect(world.activities.triggerFulfillment(order)).rejects.toMatchObject({ type: 'Cancelled' });
  // Steps from before the cancel keep their answers: the workflow may not have received them yet.
  await stepsBefore(world.activities, order, 3);
  await undone(order, ['cancelFulfillment', 'releaseStock', 'voidPayment', 'cancelOrder']);

  expect(await stateOf(world.db, order)).toMatchObject({
    state: 'cancelled',
    steps: ['undone', 'undone', 'undone', 'skipped', 'skipped', 'skipped', 'skipped'],
  });
  const outcomes = (await world.sandbox.journal('payments', order.checkoutId)).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['authorized', 'voided']);
});

test('tells the workflow immediately', async () => {
  const { checkoutId, key } = await placed();
  await world.starter.idle();

  await cancel(checkoutId);
  await world.starter.idle();

  const { events } = await world.client.workflow.getHandle(checkoutWorkflowId('acme', key)).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes)).toHaveLength(1);
});

/** Runs the undos like the workflow of a cancelled checkout. */
async function undone(order: OrderKey, undos: readonly Undo[]): Promise<void> {
  for (const undo of undos) {
    await world.activities[undo]({ ...order, because: 'Cancelled', sentence: 'The checkout was cancelled.' });
  }
}

type Undo = 'cancelOrder' | 'voidPayment' | 'releaseStock' | 'cancelFulfillment';
