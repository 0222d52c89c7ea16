import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import { A_HOLD, setup } from './setup';
import { signed } from './webhooks';

const SECRET = 'whsec_fake';
const closing: (() => void)[] = [];
afterAll(() => closing.forEach((close) => close()));

/** Reads events as the official library does; what it refuses is not among them. */
async function receiver() {
  const events: Stripe.Event[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const signature = request.headers['stripe-signature'] ?? '';
      events.push(Stripe.webhooks.constructEvent(body, signature, SECRET));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return { events, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook` };
}

test('tells each change, signed, with the intent as it was then', async () => {
  const { fake, stripe } = await setup();
  const { events, url } = await receiver();
  fake.receive({ url, secret: SECRET });
  const { id } = await stripe.paymentIntents.create(A_HOLD, { idempotencyKey: 'order-1' });
  await fake.webhooks.settled();
  await stripe.paymentIntents.confirm(id);
  await fake.webhooks.settled();
  await stripe.paymentIntents.capture(id);
  await fake.webhooks.settled();

  expect(events.map(({ type, data }) => [type, (data.object as Stripe.PaymentIntent).status])).toEqual([
    ['payment_intent.created', 'requires_confirmation'],
    ['payment_intent.amount_capturable_updated', 'requires_capture'],
    ['payment_intent.succeeded', 'succeeded'],
  ]);
  expect(events[0]).toMatchObject({ request: { idempotency_key: 'order-1' } });
  expect(events[0]).not.toHaveProperty('account');
});

test('loses, doubles and delays events as a test wants', async () => {
  const { fake, stripe } = await setup();
  const { events, url } = await receiver();
  const when = { created: [], amount_capturable_updated: [50], canceled: [0, 0] } as Record<string, number[]>;
  fake.receive({ url, secret: SECRET, when: ({ type }) => when[type.split('.')[1] ?? ''] ?? [0] });
  const { id } = await stripe.paymentIntents.create({ ...A_HOLD, confirm: true });
  await stripe.paymentIntents.cancel(id);
  await fake.webhooks.settled();

  expect(events.map(({ type }) => type).sort()).toEqual([
    'payment_intent.amount_capturable_updated',
    'payment_intent.canceled',
    'payment_intent.canceled',
  ]);
  expect(fake.webhooks.events).toHaveLength(3);
});

test('tells the events of connected accounts at an address of their own', async () => {
  const { fake, stripe } = await setup({ connected: ['acct_berlin'] });
  const [own, connect] = [await receiver(), await receiver()];
  fake.receive({ url: own.url, secret: SECRET });
  fake.receive({ url: connect.url, secret: SECRET, of: 'connect' });
  await stripe.paymentIntents.create(A_HOLD, { stripeAccount: 'acct_berlin' });
  await fake.webhooks.settled();

  expect(own.events).toEqual([]);
  expect(connect.events).toEqual([expect.objectContaining({ account: 'acct_berlin' })]);
});

test('signs what a test makes up: the library refuses what is forged or stale', () => {
  const read = ({ body, headers }: ReturnType<typeof signed>) =>
    Stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', SECRET);
  const event = { id: 'evt_1', object: 'event' };
  const anHourAgo = Math.floor(Date.now() / 1_000) - 3_600;

  expect(read(signed(event, SECRET))).toMatchObject(event);
  expect(() => read(signed(event, 'whsec_other'))).toThrow(Stripe.errors.StripeSignatureVerificationError);
  expect(() => read(signed(event, SECRET, anHourAgo))).toThrow(Stripe.errors.StripeSignatureVerificationError);
});
