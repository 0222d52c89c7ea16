import { expect, test } from '@jest/globals';
import { A_HOLD, refusal, setup } from './setup';

const key = { idempotencyKey: 'order-1' };

test.each([
  ['rate-limit', 429, { 'retry-after': '1', 'stripe-should-retry': 'true' }],
  ['lock-timeout', 429, { 'stripe-should-retry': 'true' }],
  ['unavailable', 503, { 'stripe-should-retry': 'true' }],
] as const)('%s turns a request away before it acts, and leaves its key unused', async (kind, statusCode, headers) => {
  const { fake, stripe } = await setup();
  fake.fail({ on: 'create', kind });

  expect(await refusal(stripe.paymentIntents.create(A_HOLD, key))).toMatchObject({ statusCode, headers });
  expect(fake.intents()).toEqual([]);
  expect(await stripe.paymentIntents.create({ ...A_HOLD, amount: 999 }, key)).toMatchObject({ amount: 999 });
});

test.each([
  ['error', 0],
  ['error-after', 1],
] as const)('%s is kept under the key, and repeated', async (kind, holds) => {
  const { fake, stripe } = await setup();
  const { id } = await stripe.paymentIntents.create(A_HOLD);
  fake.fail({ on: 'confirm', kind });

  const failed = { statusCode: 500, headers: { 'stripe-should-retry': 'false' } };
  expect(await refusal(stripe.paymentIntents.confirm(id, {}, key))).toMatchObject(failed);
  expect(await refusal(stripe.paymentIntents.confirm(id, {}, key))).toMatchObject(failed);
  expect(fake.ledger().holds).toBe(holds);
});

test.each([
  ['lose-request', 0],
  ['lose-answer', 1],
] as const)('%s breaks the connection, and what was done is known under the key', async (kind, holds) => {
  const { fake, stripe } = await setup();
  const { id } = await stripe.paymentIntents.create(A_HOLD);
  // The library repeats a broken connection once.
  fake.fail({ on: 'confirm', kind, times: 2 });

  expect(await refusal(stripe.paymentIntents.confirm(id, {}, key))).toMatchObject({ type: 'StripeConnectionError' });
  expect(fake.ledger().holds).toBe(holds);
  expect(await stripe.paymentIntents.confirm(id, {}, key)).toMatchObject({ status: 'requires_capture' });
  expect(fake.ledger().holds).toBe(1);
});

test('lets a cancellation come between a confirmation and what it does', async () => {
  const { fake, stripe } = await setup();
  const { id } = await stripe.paymentIntents.create(A_HOLD);
  fake.fail({ on: 'confirm', kind: 'hold-request', until: () => stripe.paymentIntents.cancel(id) });

  expect(await refusal(stripe.paymentIntents.confirm(id))).toMatchObject({ code: 'payment_intent_unexpected_state' });
  expect(fake.ledger().holds).toBe(0);
});

test('a refund that fails later can be made again', async () => {
  const { fake, stripe } = await setup();
  const { id } = await stripe.paymentIntents.create({ ...A_HOLD, capture_method: 'automatic', confirm: true });
  const { id: failed } = await stripe.refunds.create({ payment_intent: id });
  fake.failRefund(failed);

  expect(await stripe.refunds.retrieve(failed)).toMatchObject({ status: 'failed' });
  expect(fake.ledger().refunded).toBe(0);
  expect(await stripe.refunds.create({ payment_intent: id })).toMatchObject({ amount: 1_000 });
});
