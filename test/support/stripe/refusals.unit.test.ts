import { expect, test } from '@jest/globals';
import Stripe from 'stripe';
import { A_HOLD, refusal, setup } from './setup';

test('refuses a parameter that it does not know', async () => {
  const { stripe } = await setup();

  // The second is one of older versions.
  for (const wrong of [{ capture_methd: 'manual' }, { payment_method_types: ['card'] }])
    expect(await refusal(stripe.paymentIntents.create({ ...A_HOLD, ...wrong }))).toMatchObject({
      statusCode: 400,
      code: 'parameter_unknown',
      param: Object.keys(wrong)[0],
    });
});

test('refuses a path that it does not know', async () => {
  const { stripe } = await setup();

  expect(await refusal(stripe.customers.create({ name: 'Ann' }))).toMatchObject({
    statusCode: 404,
    type: 'StripeInvalidRequestError',
  });
});

test.each([
  ['no amount', { amount: undefined }, 'amount'],
  ['an amount of zero', { amount: 0 }, 'amount'],
  ['a fraction', { amount: 9.99 }, 'amount'],
  ['too little', { amount: 49 }, 'amount'],
  ['too much', { amount: 100_000_000 }, 'amount'],
  ['a currency that is none', { currency: 'eru' }, 'currency'],
  ['metadata that is too long', { metadata: { key: 'x'.repeat(501) } }, 'metadata'],
  ['a payment method that is none', { payment_method: 'pm_card_nobody' }, 'payment_method'],
])('refuses %s', async (_, change, param) => {
  const { stripe } = await setup();
  const wrong = { ...A_HOLD, ...change } as unknown as Stripe.PaymentIntentCreateParams;

  expect(await refusal(stripe.paymentIntents.create(wrong))).toMatchObject({ statusCode: 400, param });
});

test('wants an address to come back to when any payment method of the account may be used', async () => {
  const { stripe } = await setup();
  const { allowed_payment_method_types: _, ...any } = A_HOLD;
  const { id } = await stripe.paymentIntents.create(any);

  expect(await refusal(stripe.paymentIntents.confirm(id))).toMatchObject({ statusCode: 400, param: 'return_url' });
});

test.each([
  ['with a card token of Stripe.js', { payment_method_data: { type: 'card', card: { token: 'tok_visa' } } }],
  ['with a confirmation token', { confirmation_token: 'ctoken_fake_visa' }],
])('confirms %s', async (_, method) => {
  const { stripe } = await setup();
  const { payment_method: __, ...unpaid } = A_HOLD;
  const { id } = await stripe.paymentIntents.create(unpaid);
  const held = await stripe.paymentIntents.confirm(id, method);

  expect(held.status).toBe('requires_capture');
});

test('wants a secret key that it knows', async () => {
  const { fake } = await setup();
  const stranger = new Stripe('sk_test_other', { host: '127.0.0.1', port: fake.port, protocol: 'http' });

  expect(await refusal(stranger.balance.retrieve())).toMatchObject({
    statusCode: 401,
    type: 'StripeAuthenticationError',
  });
});

test('wants a pinned version', async () => {
  const { fake } = await setup();
  const answer = await fetch(`${fake.url}/v1/balance`, { headers: { authorization: `Bearer ${fake.secretKey}` } });

  expect(answer.status).toBe(400);
});

test('an account sees its own payments only, and no call reaches an account that is not connected', async () => {
  const { stripe } = await setup({ connected: ['acct_berlin'] });
  const { id } = await stripe.paymentIntents.create(A_HOLD, { stripeAccount: 'acct_berlin' });

  expect(await refusal(stripe.paymentIntents.retrieve(id))).toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
  });
  expect(await refusal(stripe.balance.retrieve({}, { stripeAccount: 'acct_other' }))).toMatchObject({
    statusCode: 403,
  });
  expect(await stripe.accounts.retrieveCurrent({}, { stripeAccount: 'acct_berlin' })).toMatchObject({
    id: 'acct_berlin',
  });
});
