import { expect, test } from '@jest/globals';
import { DAY_MS, stripeWorld } from './stripe-world';

/** Stripe forgets an idempotency key after 24 hours: the same request under it then acts again. */
const LATER_MS = DAY_MS + 60 * 60 * 1_000;

const died = (): never => {
  throw new Error('The process died here');
};

test('a day after a creation whose id was lost, another payment is made, and only that one is ever confirmed', async () => {
  const { open, keys, fake, payments, visa, money } = await stripeWorld();
  await open({ ...keys, settle: died })
    .authorize(visa)
    .catch(() => undefined);
  fake.advance(LATER_MS);

  const answer = await payments.authorize(visa);

  expect(answer).toMatchObject({ outcome: 'authorized' });
  expect(fake.intents()).toHaveLength(2);
  expect(money()).toMatchObject({ holds: 1, held: 1_000 });
});

test('an attempt that comes back after a day takes the payment that was made meanwhile', async () => {
  const { open, keys, fake, payments, visa, money } = await stripeWorld();
  const others: unknown[] = [];
  const settle: typeof keys.settle = async (...id) => {
    fake.advance(LATER_MS);
    others.push(await payments.authorize(visa));
    return keys.settle(...id);
  };

  const late = await open({ ...keys, settle }).authorize(visa);

  expect(others).toEqual([late]);
  expect(money()).toMatchObject({ holds: 1, held: 1_000 });
});

test('a day after a confirmation whose answer was lost, the payment is found and nothing more is held', async () => {
  const { fake, payments, visa, money } = await stripeWorld();
  fake.fail({ on: 'confirm', kind: 'lose-answer' });
  await expect(payments.authorize(visa)).rejects.toMatchObject({ fault: 'unreachable', mayHaveActed: true });
  fake.advance(LATER_MS);

  expect(await payments.authorize(visa)).toMatchObject({ outcome: 'authorized' });
  expect(money()).toMatchObject({ holds: 1, held: 1_000 });
});

test('a card that was declined is not tried again after a day', async () => {
  const { fake, payments, visa } = await stripeWorld();
  const declined = { ...visa, token: 'pm_card_visa_chargeDeclined' };
  await payments.authorize(declined);
  fake.advance(LATER_MS);

  expect(await payments.authorize(declined)).toMatchObject({ outcome: 'declined' });
  expect(fake.served.filter(({ endpoint }) => endpoint === 'confirm')).toHaveLength(1);
});

test('a day after a capture and a refund whose answers were lost, neither is made again', async () => {
  const { fake, payments, visa, paid, money } = await stripeWorld();
  const part = { ...paid, refund: 'ref_1', amount: { minor: 400n, currency: 'EUR' } };
  await payments.authorize(visa);
  for (const on of ['capture', 'refund'] as const) fake.fail({ on, kind: 'lose-answer' });
  await expect(payments.capture(paid)).rejects.toMatchObject({ fault: 'unreachable' });
  fake.advance(LATER_MS);
  const captured = await payments.capture(paid);
  await expect(payments.refund(part)).rejects.toMatchObject({ fault: 'unreachable' });
  fake.advance(LATER_MS);

  expect(captured).toMatchObject({ outcome: 'captured' });
  expect(await payments.refund(part)).toMatchObject({ outcome: 'refunded' });
  expect(money()).toMatchObject({ holds: 1, captured: 1_000, refunded: 400 });
});
