import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { digestOf } from '../../src/tenants/find-caller';
import type { OrderKey } from '../../src/contract/checkout';
import type { CheckoutRequest } from '../../src/domain/order';
import type { Attention } from '../../src/checkouts/operators/list-attention';
import { aKey } from '../support/builders';
import { accepted, eventsOf, stateOf, stepsBefore, unwinding, workflowIdOf } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { OPERATOR, operatorWorld } from './operator-world';
import type { OperatorWorld } from './operator-world';
import { codeOf } from './setup';

let world: OperatorWorld;
beforeAll(async () => (world = await operatorWorld()));
afterAll(() => world.close());
beforeEach(() => world.sandbox.faults([]));

const askAttention = (apiKey = OPERATOR) =>
  world.app.inject({ url: '/v1/ops/attention', headers: { authorization: `Bearer ${apiKey}` } });

const attentionOf = async ({ checkoutId }: OrderKey) =>
  (await askAttention())
    .json<{ attention: Attention[] }>()
    .attention.filter((attention) => attention.checkoutId === checkoutId);

const SOLD_OUT = { items: [{ sku: 'SOLD-OUT', quantity: 1 }] };
const A_REPAIR = { step: 'payment-authorized', action: 'retry', reason: 'The processor is back.' };

const repair = (id: string, asked: { body?: object; key?: string | null; apiKey?: string } = {}) =>
  world.repair(id, { body: A_REPAIR, ...asked });

/** An order that is being undone, whose payment cannot be voided. */
async function parked(request: Partial<CheckoutRequest> = SOLD_OUT, during = async (_: OrderKey) => {}) {
  const order = await accepted(world.db, request);
  await world.sandbox.faults([{ provider: 'payments', operation: 'void', kind: 'fail-before', key: order.checkoutId }]);
  await world.start(order);
  await during(order);
  await world.untilItNeedsAttention(order);
  return order;
}

test('is for operators only', async () => {
  const answers = [await askAttention('sk_sandbox_acme'), await repair('chk_1', { apiKey: 'sk_sandbox_acme' })];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
  expect(answers.map(codeOf)).toEqual(['forbidden', 'forbidden']);
});

test('lists what failed, why, since when and how much money, until it is settled', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 2);
  const why = 'The provider answered /provider/v1/payments/void with status 503';
  await world.activities.raiseAttention({ ...order, step: 'payment-authorized', kind: 'undo', why });

  const [attention, ...more] = await attentionOf(order);
  await world.activities.voidPayment(unwinding(order));

  expect(more).toEqual([]);
  expect(attention).toEqual({
    ...{ checkoutId: order.checkoutId, tenant: 'acme', workflowId: await workflowIdOf(world.db, order) },
    ...{ step: 'payment-authorized', kind: 'undo', why, amount: 3000, currency: 'USD' },
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect(await attentionOf(order)).toEqual([]);
});

test('shows no amount for a cart without a price', async () => {
  const order = await accepted(world.db);
  await world.activities.raiseAttention({ ...order, step: 'order-created', kind: 'undo', why: 'Postgres' });

  expect(await attentionOf(order)).toMatchObject([{ amount: null, currency: 'USD' }]);
});

test('refuses invalid repairs before reading anything', async () => {
  const { checkoutId: id } = await accepted(world.db);
  const codes = async (...bodies: object[]) =>
    Promise.all(bodies.map(async (body) => codeOf(await repair(id, { body }))));

  expect(codeOf(await repair(id, { key: null }))).toBe('idempotency-key-missing');
  expect(codeOf(await repair(id, { key: 'short' }))).toBe('idempotency-key-invalid');
  const { reason, ...withoutReason } = A_REPAIR;
  expect(
    await codes(
      withoutReason,
      { ...A_REPAIR, reason: '' },
      { ...A_REPAIR, reason: ' \n' },
      { ...A_REPAIR, reason: reason.repeat(100) },
      { ...A_REPAIR, action: 'undo' },
      { ...A_REPAIR, step: 'payment' },
      { ...A_REPAIR, operator: 'somebody else' },
    ),
  ).toEqual(Array(7).fill('invalid-request'));
});

test('answers 404 for a checkout that does not exist, and 409 for one that needs no repair', async () => {
  const unknown = await repair(`chk_${'0'.repeat(32)}`);
  const notStarted = await repair((await accepted(world.db)).checkoutId);

  expect([unknown.statusCode, codeOf(unknown)]).toEqual([404, 'not-found']);
  expect([notStarted.statusCode, codeOf(notStarted)]).toEqual([409, 'nothing-to-repair']);
});

test('retries a parked undo once per key, records who did it, and the order ends', async () => {
  const order = await parked();
  expect(await attentionOf(order)).toMatchObject([{ step: 'payment-authorized', kind: 'undo', amount: 4000 }]);
  const wrong = await repair(order.checkoutId, { body: { ...A_REPAIR, action: 'skip' } });
  expect([wrong.statusCode, codeOf(wrong)]).toEqual([409, 'nothing-to-repair']);
  expect(wrong.json()).toMatchObject({ detail: expect.stringContaining('can be settled with retry, resolve') });

  await world.sandbox.faults([]);
  const key = aKey();
  const answers = await Promise.all([1, 2, 3].map(() => repair(order.checkoutId, { key })));
  await eventually(async () => ((await stateOf(world.db, order)).state === 'refused' ? true : undefined));
  const late = await repair(order.checkoutId, { key });
  const reused = await repair(order.checkoutId, { key, body: { ...A_REPAIR, action: 'resolve' } });
  const again = await repair(order.checkoutId);

  for (const answer of [...answers, late]) {
    expect([answer.statusCode, answer.json()]).toEqual([200, { done: true }]);
  }
  expect([reused.statusCode, codeOf(reused)]).toEqual([422, 'idempotency-key-reused']);
  expect([again.statusCode, codeOf(again)]).toEqual([409, 'nothing-to-repair']);
  expect(await attentionOf(order)).toEqual([]);
  const { rows } = await world.db.query(`select step, action, reason, operator from repairs where checkout_id = $1`, [
    order.checkoutId,
  ]);
  // The operator is recorded by a digest of the key, which is not secret.
  expect(rows).toEqual([{ ...A_REPAIR, operator: digestOf(OPERATOR).toString('hex').slice(0, 16) }]);
  expect((await eventsOf(world.db, order)).slice(-3)).toEqual([
    'payment.voided',
    'attention.cleared',
    'checkout.refused',
  ]);
});

test('leaves an undo parked when a repair does not help', async () => {
  const order = await parked();

  expect((await repair(order.checkoutId)).statusCode).toBe(200);
  expect((await stateOf(world.db, order)).state).toBe('needs-attention');
  const resolve = { ...A_REPAIR, action: 'resolve', reason: 'Voided in the dashboard of the processor.' };
  expect((await repair(order.checkoutId, { body: resolve })).statusCode).toBe(200);

  await eventually(async () => ((await stateOf(world.db, order)).state === 'refused' ? true : undefined));
  const outcomes = (await world.sandbox.journal('payments', order.checkoutId)).map(({ outcome }) => outcome);
  expect(outcomes).not.toContain('voided');
});

test('settles a parked undo of a cancelled order', async () => {
  const order = await parked({ payment: { token: 'tok_slow' } }, async ({ checkoutId }) => {
    const isUnderWay = async () => (await stateOf(world.db, { checkoutId, tenant: 'acme' })).steps[0] === 'done';
    await eventually(async () => ((await isUnderWay()) ? true : undefined));
    const url = `/v1/checkouts/${checkoutId}/cancel`;
    const answer = await world.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${OPERATOR}` } });
    expect(answer.statusCode).toBe(202);
  });

  await world.sandbox.faults([]);
  const answer = await repair(order.checkoutId);

  expect([answer.statusCode, answer.json()]).toEqual([200, { done: true }]);
  await eventually(async () => ((await stateOf(world.db, order)).state === 'cancelled' ? true : undefined));
  expect(await attentionOf(order)).toEqual([]);
});

test('a stuck notification that is given up while mail is down is parked as an undo, and can be resolved', async () => {
  const order = await accepted(world.db);
  const mailIsAway = { provider: 'mail', kind: 'fail-before', key: order.checkoutId };
  await world.sandbox.faults([mailIsAway]);
  await world.start(order);
  const settle = (action: string) =>
    eventually(async () => {
      const body = { step: 'notification-sent', action, reason: 'The mail is away for days.' };
      return (await repair(order.checkoutId, { body })).statusCode === 200 ? true : undefined;
    });

  await settle('cancel');
  await settle('resolve');

  await eventually(async () => ((await stateOf(world.db, order)).state === 'cancelled' ? true : undefined));
  expect(await attentionOf(order)).toEqual([]);
});

test('gives the reason as a readable sentence, also when the last attempt timed out', async () => {
  const order = await accepted(world.db, SOLD_OUT);
  const slowly = { kind: 'slow', delayMs: 3_000, key: order.checkoutId };
  await world.sandbox.faults([{ ...slowly, provider: 'payments', operation: 'void' }]);
  await world.start(order);

  const [attention] = await eventually(async () => {
    const open = await attentionOf(order);
    return open.length > 0 ? open : undefined;
  });

  expect(attention?.why).toBe('The last attempt was not answered in time');
});
