import { expect, test } from '@jest/globals';
import { A_HOLD, refusal, setup } from './setup';

const DAY_MS = 24 * 60 * 60 * 1_000;
const key = { idempotencyKey: 'order-1' };

/** A request without the library, to see the bytes. */
const create = ({ url, secretKey }: { url: string; secretKey: string }, amount: number) =>
  fetch(`${url}/v1/payment_intents`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${secretKey}`,
      'stripe-version': '2026-10-28.endive',
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': 'order-1',
    },
    body: `amount=${amount}&currency=eur`,
  });

test('the same key gets the same bytes, marked as replayed', async () => {
  const { fake } = await setup();
  const first = await create(fake, 1_000);
  const second = await create(fake, 1_000);

  expect(await second.text()).toBe(await first.text());
  expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
  expect(fake.intents()).toHaveLength(1);
});

test('refuses other parameters, and another endpoint, under a used key', async () => {
  const { stripe } = await setup();
  const { id } = await stripe.paymentIntents.create(A_HOLD, key);
  const used = { statusCode: 400, type: 'StripeIdempotencyError', rawType: 'idempotency_error' };

  expect(await refusal(stripe.paymentIntents.create({ ...A_HOLD, amount: 999 }, key))).toMatchObject(used);
  expect(await refusal(stripe.paymentIntents.confirm(id, {}, key))).toMatchObject(used);
});

test('forgets a key after 24 hours, and then acts again', async () => {
  const { fake, stripe } = await setup();
  const { id: first } = await stripe.paymentIntents.create(A_HOLD, key);
  fake.advance(DAY_MS - 60_000);
  const { id: within } = await stripe.paymentIntents.create(A_HOLD, key);
  fake.advance(60_000);
  const { id: later } = await stripe.paymentIntents.create(A_HOLD, key);

  expect(within).toBe(first);
  expect(later).not.toBe(first);
});

test('repeats a decline, although the card would be good now', async () => {
  const { fake, stripe } = await setup();
  const { id } = await stripe.paymentIntents.create({ ...A_HOLD, payment_method: 'pm_card_visa_chargeDeclined' });
  await refusal(stripe.paymentIntents.confirm(id, {}, key));

  expect(await refusal(stripe.paymentIntents.confirm(id, {}, key))).toMatchObject({ code: 'card_declined' });
  expect(fake.served.map(({ replayed }) => replayed)).toEqual([false, false, true]);
});

test('keeps no answer to a request that was wrong in itself', async () => {
  const { stripe } = await setup();
  await refusal(stripe.paymentIntents.create({ ...A_HOLD, amount: 0 }, key));

  expect(await stripe.paymentIntents.create(A_HOLD, key)).toMatchObject({ amount: 1_000 });
});

test('refuses a second request while the first of its key is under way', async () => {
  const { fake, stripe } = await setup();
  let second: unknown;
  fake.fail({
    on: 'create',
    kind: 'hold-answer',
    until: async () => void (second = await refusal(stripe.paymentIntents.create(A_HOLD, key))),
  });
  const first = await stripe.paymentIntents.create(A_HOLD, key);

  expect(second).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
  expect(await stripe.paymentIntents.create(A_HOLD, key)).toMatchObject({ id: first.id });
});

test('keys of one account mean nothing to another', async () => {
  const { stripe } = await setup({ connected: ['acct_berlin'] });
  const { id } = await stripe.paymentIntents.create(A_HOLD, key);
  const other = await stripe.paymentIntents.create(A_HOLD, { ...key, stripeAccount: 'acct_berlin' });

  expect(other.id).not.toBe(id);
});
