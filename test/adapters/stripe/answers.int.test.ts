import { expect, test } from '@jest/globals';
import { partsOfKey } from '../../../src/ports/provider-key';
import { DAY_MS, stripeWorld, TEN } from './stripe-world';

test('holds the amount, captures all of it, and gives it back in parts', async () => {
  const { payments, visa, paid, money, asked } = await stripeWorld();

  const authorized = await payments.authorize(visa);
  const captured = await payments.capture(paid);
  const again = await payments.capture(paid);
  const part = await payments.refund({ ...paid, refund: 'ref_1', amount: { minor: 400n, currency: 'EUR' } });
  const rest = await payments.refund({ ...paid, refund: 'ref_2', amount: { minor: 600n, currency: 'EUR' } });

  expect(authorized).toEqual({ outcome: 'authorized', reference: expect.stringMatching(/^pi_/) });
  expect(captured).toEqual({ outcome: 'captured', reference: expect.stringMatching(/^ch_/) });
  expect(again).toEqual(captured);
  expect([part, rest]).toEqual([
    expect.objectContaining({ outcome: 'refunded' }),
    expect.objectContaining({ outcome: 'refunded' }),
  ]);
  expect(money()).toEqual({ holds: 1, held: 0, captured: 1_000, freed: 0, refunded: 1_000 });
  expect(asked().slice(0, 2)).toEqual(['create', 'confirm']);
});

test('sends the customer to the bank, and back to the page of the order', async () => {
  const { payments, fake, visa, paid, key, money } = await stripeWorld();

  const told = await payments.authorize({ ...visa, token: 'pm_card_authenticationRequired' });
  const [intent] = fake.intents();
  const waiting = await payments.find?.(paid);
  fake.answerBank(intent?.id ?? '', 'approve');

  expect(told).toEqual({
    outcome: 'customer-action',
    url: expect.stringContaining(`/authenticate/${intent?.id}/`),
    expiresAt: new Date((intent?.created ?? 0) * 1_000 + DAY_MS).toISOString(),
  });
  expect(waiting).toEqual(told);
  const returnUrl = `https://shop.example/orders/${partsOfKey(key).checkoutId}`;
  expect(intent?.next_action).toMatchObject({ redirect_to_url: { return_url: returnUrl } });
  expect(await payments.find?.(paid)).toEqual({ outcome: 'authorized', reference: intent?.id });
  expect(money()).toMatchObject({ holds: 1, held: 1_000 });
});

test('a customer whom the bank turns away is declined, and a retry does not ask again', async () => {
  const { payments, fake, visa, paid } = await stripeWorld();
  const wary = { ...visa, token: 'pm_card_authenticationRequired' };
  await payments.authorize(wary);
  fake.answerBank(fake.intents()[0]?.id ?? '', 'decline');

  const found = await payments.find?.(paid);

  expect(found).toEqual({ outcome: 'declined', reason: 'payment_intent_authentication_failure' });
  expect(await payments.authorize(wary)).toEqual(found);
});

test('without an address to come back to, whoever would have to ask the customer declines', async () => {
  const { payments, visa } = await stripeWorld({});

  const told = await payments.authorize({ ...visa, token: 'pm_card_authenticationRequired' });

  expect(told).toEqual({ outcome: 'declined', reason: 'authentication_required' });
});

test('a payment that Stripe decides later is pending, and then decided', async () => {
  const { payments, fake, visa, paid } = await stripeWorld();

  expect(await payments.authorize({ ...visa, token: 'pm_fake_processing' })).toEqual({ outcome: 'pending' });
  expect(await payments.find?.(paid)).toEqual({ outcome: 'pending' });
  fake.decide(fake.intents()[0]?.id ?? '', 'approve');
  expect(await payments.find?.(paid)).toMatchObject({ outcome: 'authorized' });
});

test.each([
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  // What the bank knows of a stolen card is not for the person who holds it.
  ['pm_card_visa_chargeDeclinedStolenCard', 'generic_decline'],
  ['pm_usBankAccount_success', 'cannot-be-held'],
  ['pm_made_up', 'unknown_payment_method'],
])('declines %s as %s, again and again, and holds nothing', async (token, reason) => {
  const { payments, visa, paid, money } = await stripeWorld();

  const told = await payments.authorize({ ...visa, token });

  expect(told).toEqual({ outcome: 'declined', reason });
  expect(await payments.authorize({ ...visa, token })).toEqual(told);
  expect(await payments.capture(paid)).toMatchObject({ outcome: 'rejected' });
  expect(money().holds).toBe(0);
});

test('an amount that Stripe cannot charge exactly is declined before it is asked', async () => {
  const { payments, visa, asked } = await stripeWorld();

  const told = await payments.authorize({ ...visa, amount: { minor: 1_005n, currency: 'KWD' } });

  expect(told).toEqual({ outcome: 'declined', reason: 'amount-cannot-be-charged' });
  expect(asked()).toEqual([]);
});

test('another amount than the one held is a fault, when asked about and when captured', async () => {
  const { payments, visa, key } = await stripeWorld();
  await payments.authorize(visa);

  for (const amount of [
    { ...TEN, minor: 999n },
    { ...TEN, currency: 'USD' },
  ]) {
    await expect(payments.find?.({ key, amount })).rejects.toMatchObject({ fault: 'other-amount' });
    await expect(payments.capture({ key, amount })).rejects.toMatchObject({ fault: 'other-amount' });
  }
});

test('a void gives back what was taken, once', async () => {
  const { payments, visa, paid, key, money } = await stripeWorld();
  await payments.authorize(visa);
  await payments.capture(paid);

  await payments.void({ key });
  await payments.void({ key });

  expect(money()).toMatchObject({ captured: 1_000, refunded: 1_000 });
  expect(await payments.refund({ ...paid, refund: 'ref_1' })).toEqual({ outcome: 'rejected', reason: 'voided' });
});

test('a hold that has ended by itself is not captured', async () => {
  const { payments, fake, visa, paid } = await stripeWorld();
  await payments.authorize(visa);
  fake.advance(8 * DAY_MS);

  expect(await payments.capture(paid)).toEqual({ outcome: 'rejected', reason: 'canceled' });
  expect(await payments.find?.(paid)).toEqual({ outcome: 'declined', reason: 'canceled' });
});

test('a connected account is named in every request, and a name of our own in none', async () => {
  const connected = ['acct_berlin'];
  const { payments, fake, visa, paid, key } = await stripeWorld({ account: 'acct_berlin' }, { connected });
  await payments.authorize(visa);
  await payments.capture(paid);
  await payments.refund({ ...paid, refund: 'ref_1' });
  await payments.void({ key });
  await payments.reach?.();
  const named = await stripeWorld({ account: 'eu' });
  await named.payments.authorize(named.visa);

  expect(new Set(fake.served.map(({ account }) => account))).toEqual(new Set(connected));
  expect(named.money().held).toBe(1_000);
});

test('says that it cannot be used with another key', async () => {
  const { open } = await stripeWorld({ secretKey: 'sk_test_other' });

  await expect(open().reach?.()).rejects.toMatchObject({ fault: 'refused-call' });
});
