import { expect, test } from '@jest/globals';
import { A_HOLD, refusal, setup } from './setup';

const confirmed = async (method: string, settings = {}) => {
  const { fake, stripe } = await setup(settings);
  const { id } = await stripe.paymentIntents.create(A_HOLD);
  const intent = await stripe.paymentIntents.confirm(id, {
    payment_method: method,
    return_url: 'https://shop.example/back',
  });
  return { fake, stripe, id, intent };
};

test('holds the money when it is confirmed, and takes it when it is captured', async () => {
  const { fake, stripe } = await setup();
  const created = await stripe.paymentIntents.create(A_HOLD);
  const held = await stripe.paymentIntents.confirm(created.id);
  const taken = await stripe.paymentIntents.capture(created.id);

  expect(created).toMatchObject({ status: 'requires_confirmation', amount_capturable: 0 });
  expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1_000, amount_received: 0 });
  expect(taken).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 1_000 });
  expect(fake.ledger()).toEqual({ holds: 1, held: 0, captured: 1_000, freed: 0, refunded: 0 });
});

test('lets the rest go when a part is captured', async () => {
  const { fake, stripe, id } = await confirmed('pm_card_visa');
  await stripe.paymentIntents.capture(id, { amount_to_capture: 400 });

  expect(fake.ledger()).toEqual({ holds: 1, held: 0, captured: 400, freed: 600, refunded: 0 });
});

test('takes the money at once without manual capture', async () => {
  const { stripe } = await setup();
  const taken = await stripe.paymentIntents.create({ ...A_HOLD, capture_method: 'automatic', confirm: true });

  expect(taken).toMatchObject({ status: 'succeeded', amount_received: 1_000 });
});

test.each([
  ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
])('declines %s with 402, and wants another payment method', async (method, code, decline_code) => {
  const { stripe } = await setup();
  const { id } = await stripe.paymentIntents.create({ ...A_HOLD, payment_method: method });
  const declined = await refusal(stripe.paymentIntents.confirm(id));

  expect(declined).toMatchObject({ statusCode: 402, type: 'StripeCardError', code, decline_code });
  expect(declined.payment_intent).toMatchObject({ id, status: 'requires_payment_method', payment_method: null });
  const { last_payment_error } = await stripe.paymentIntents.retrieve(id);
  expect(last_payment_error).toMatchObject({ code, decline_code });
});

test('asks the customer on a page, which holds the money when approved', async () => {
  const { fake, stripe, id, intent } = await confirmed('pm_card_authenticationRequired');
  const url = intent.next_action?.redirect_to_url?.url ?? '';
  const page = await fetch(url);
  const approved = await fetch(new URL('approve', url), { method: 'POST', redirect: 'manual' });

  expect(intent.status).toBe('requires_action');
  expect(await page.text()).toContain('<button>Approve</button>');
  expect(approved.status).toBe(303);
  expect(approved.headers.get('location')).toContain('redirect_status=succeeded');
  expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'requires_capture', next_action: null });
  expect((await fetch(new URL('decline', url), { method: 'POST' })).status).toBe(410);
  expect(fake.ledger().holds).toBe(1);
});

test('wants another payment method when the customer declines on the page', async () => {
  const { fake, stripe, id } = await confirmed('pm_card_authenticationRequired');

  expect(fake.answerBank(id, 'decline')).toBe(true);
  expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
    status: 'requires_payment_method',
    last_payment_error: { code: 'payment_intent_authentication_failure' },
  });
});

test('takes no approval after it was cancelled', async () => {
  const { fake, stripe, id, intent } = await confirmed('pm_card_authenticationRequired');
  const url = intent.next_action?.redirect_to_url?.url ?? '';
  await stripe.paymentIntents.cancel(id);

  expect((await fetch(url)).status).toBe(410);
  expect((await fetch(new URL('approve', url), { method: 'POST' })).status).toBe(410);
  expect(fake.ledger()).toMatchObject({ holds: 0, held: 0 });
});

test('redirects nobody who gave no address to come back to', async () => {
  const { stripe } = await setup();
  const asked = await stripe.paymentIntents.create({
    ...A_HOLD,
    payment_method: 'pm_card_authenticationRequired',
    confirm: true,
  });

  expect(asked.next_action?.type).toBe('use_stripe_sdk');
});

test('decides later, and cannot be cancelled meanwhile', async () => {
  const { fake, stripe, id, intent } = await confirmed('pm_fake_processing');
  const refused = await refusal(stripe.paymentIntents.cancel(id));
  fake.decide(id, 'approve');

  expect(intent.status).toBe('processing');
  expect(refused).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'requires_capture' });
});

test('refuses a bank debit, which cannot be held', async () => {
  const { fake, stripe } = await setup();
  const refused = await refusal(
    stripe.paymentIntents.create({ ...A_HOLD, payment_method: 'pm_usBankAccount_success' }),
  );

  expect(refused).toMatchObject({ statusCode: 400, code: 'payment_intent_incompatible_payment_method' });
  expect(fake.intents()).toEqual([]);
});

test('frees what is held when it is cancelled', async () => {
  const { fake, stripe, id } = await confirmed('pm_card_visa');
  const cancelled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' });

  expect(cancelled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned', amount_capturable: 0 });
  expect(fake.ledger()).toEqual({ holds: 1, held: 0, captured: 0, freed: 1_000, refunded: 0 });
});

test('frees by itself what was not captured within seven days', async () => {
  const { fake, stripe, id } = await confirmed('pm_card_visa');
  const { latest_charge } = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
  fake.advance(7 * 24 * 3_600_000);

  expect(latest_charge).toMatchObject({ payment_method_details: { card: { capture_before: expect.any(Number) } } });
  expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
    status: 'canceled',
    cancellation_reason: 'automatic',
  });
  expect(fake.ledger()).toMatchObject({ held: 0, freed: 1_000 });
});

test('refuses a transition that its state does not have', async () => {
  const { stripe, id } = await confirmed('pm_card_visa');
  const { id: fresh } = await stripe.paymentIntents.create({ ...A_HOLD });
  await stripe.paymentIntents.capture(id);
  const unexpected = { statusCode: 400, code: 'payment_intent_unexpected_state' };

  expect(await refusal(stripe.paymentIntents.capture(fresh))).toMatchObject(unexpected);
  expect(await refusal(stripe.paymentIntents.capture(id))).toMatchObject(unexpected);
  expect(await refusal(stripe.paymentIntents.confirm(id))).toMatchObject(unexpected);
  expect(await refusal(stripe.paymentIntents.cancel(id))).toMatchObject(unexpected);
});

test('gives back what was captured, in parts, and not more', async () => {
  const { fake, stripe, id } = await confirmed('pm_card_visa');
  expect(await refusal(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ statusCode: 400 });
  await stripe.paymentIntents.capture(id);
  await stripe.refunds.create({ payment_intent: id, amount: 300, metadata: { refund: 'one' } });
  expect(await refusal(stripe.refunds.create({ payment_intent: id, amount: 701 }))).toMatchObject({ statusCode: 400 });
  await stripe.refunds.create({ payment_intent: id });
  const again = await refusal(stripe.refunds.create({ payment_intent: id }));

  expect(again.code).toBe('charge_already_refunded');
  const { data } = await stripe.refunds.list({ payment_intent: id });
  expect(data.map(({ amount }) => amount)).toEqual([700, 300]);
  expect(fake.ledger()).toMatchObject({ captured: 1_000, refunded: 1_000 });
});
