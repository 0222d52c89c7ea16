import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import { describeWith } from '../describe-with';
import type { OwnServer } from '../own-server';
import { library } from './library';
import { missingForLocalstripe, startLocalstripe } from './localstripe';
import { A_HOLD, refusal, setup } from './setup';

/** Installing it takes a few packages. */
const INSTALL_MS = 300_000;
const SECRET_KEY = 'sk_test_local';

/** What the two do in their own ways. */
interface Server {
  readonly stripe: Stripe;
  /** A hold of 10.00: localstripe does not know yet which payment methods are allowed, or may redirect. */
  readonly hold: Stripe.PaymentIntentCreateParams;
  /** A card whose bank asks the customer. */
  readonly wary: () => Promise<string>;
  readonly answerBank: (intent: Stripe.PaymentIntent, verdict: 'approve' | 'decline') => Promise<unknown>;
}

const statusOf = async (stripe: Stripe, id: string) => (await stripe.paymentIntents.retrieve(id)).status;
/** A refusal counts as its HTTP status: localstripe has one sentence for most. */
const refusedWith = async (call: Promise<unknown>) => (await refusal(call)).statusCode;

const held = async ({ stripe, hold }: Server) => {
  const { id } = await stripe.paymentIntents.create(hold);
  await stripe.paymentIntents.confirm(id);
  return id;
};

/** Each returns what one sees on the way. */
const FLOWS: Readonly<Record<string, (server: Server) => Promise<unknown[]>>> = {
  'create, confirm, capture, refund': async ({ stripe, hold }) => {
    const created = await stripe.paymentIntents.create(hold);
    const confirmed = await stripe.paymentIntents.confirm(created.id);
    const captured = await stripe.paymentIntents.capture(created.id);
    const refund = await stripe.refunds.create({
      payment_intent: created.id,
      amount: 400,
      metadata: { refund: 'one' },
    });
    const { data } = await stripe.refunds.list({ payment_intent: created.id });
    return [
      ...[created, confirmed, captured].map(({ status, capture_method }) => [status, capture_method]),
      ...[refund, ...data].map(({ amount, currency, status, metadata }) => ({ amount, currency, status, metadata })),
    ];
  },
  'create and confirm in one call': async ({ stripe, hold }) => {
    const { id, status } = await stripe.paymentIntents.create({ ...hold, confirm: true });
    return [status, await statusOf(stripe, id)];
  },
  'cancel before the confirmation': async ({ stripe, hold }) => {
    const { id } = await stripe.paymentIntents.create(hold);
    return [(await stripe.paymentIntents.cancel(id)).status, await refusedWith(stripe.paymentIntents.confirm(id))];
  },
  'cancel what is held': async (server) => {
    const { stripe } = server;
    const id = await held(server);
    return [(await stripe.paymentIntents.cancel(id)).status, await refusedWith(stripe.paymentIntents.cancel(id))];
  },
  'the wrong order': async (server) => {
    const { stripe } = server;
    const id = await held(server);
    const confirmedAgain = await refusedWith(stripe.paymentIntents.confirm(id));
    await stripe.paymentIntents.capture(id);
    const capturedAgain = await refusedWith(stripe.paymentIntents.capture(id));
    return [confirmedAgain, capturedAgain, await refusedWith(stripe.paymentIntents.cancel(id))];
  },
  'a card that is declined': async ({ stripe, hold }) => {
    const { id } = await stripe.paymentIntents.create({ ...hold, payment_method: 'pm_card_chargeCustomerFail' });
    const { statusCode, code } = await refusal(stripe.paymentIntents.confirm(id));
    const { status, last_payment_error: failed } = await stripe.paymentIntents.retrieve(id);
    return [statusCode, code, status, failed?.code];
  },
  'a customer who approves': async ({ stripe, hold, wary, answerBank }) => {
    const { id } = await stripe.paymentIntents.create({ ...hold, payment_method: await wary() });
    const asked = await stripe.paymentIntents.confirm(id);
    await answerBank(asked, 'approve');
    return [asked.status, asked.next_action?.type, await statusOf(stripe, id)];
  },
  'a customer who declines': async ({ stripe, hold, wary, answerBank }) => {
    const { id } = await stripe.paymentIntents.create({ ...hold, payment_method: await wary() });
    await answerBank(await stripe.paymentIntents.confirm(id), 'decline');
    const { status, last_payment_error: failed } = await stripe.paymentIntents.retrieve(id);
    return [status, failed?.code];
  },
  'what is not there': async ({ stripe, hold }) => [
    await refusedWith(stripe.paymentIntents.retrieve('pi_nobody')),
    await refusedWith(stripe.paymentIntents.create({ ...hold, amount: 0 })),
  ],
};

describeWith(missingForLocalstripe(), 'the flows of localstripe', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startLocalstripe();
  }, INSTALL_MS);
  afterAll(() => server?.stop());

  const localstripe = (): Server => {
    const stripe = library({ port: server.place.port, secretKey: SECRET_KEY });
    const card = { number: '4000002500003155', exp_month: 12, exp_year: 2035, cvc: '123' };
    const { allowed_payment_method_types: _, ...hold } = A_HOLD;
    return {
      ...{ stripe, hold },
      wary: async () => (await stripe.paymentMethods.create({ type: 'card', card })).id,
      answerBank: ({ id, client_secret: secret }, verdict) =>
        stripe.rawRequest('POST', `/v1/payment_intents/${id}/_authenticate`, {
          client_secret: secret,
          success: verdict === 'approve',
        }),
    };
  };

  test.each(Object.entries(FLOWS))('%s: the same there and in the fake', async (_name, flow) => {
    const { fake, stripe } = await setup();
    const ours: Server = {
      ...{ stripe, hold: A_HOLD },
      wary: async () => 'pm_card_authenticationRequired',
      answerBank: async ({ id }, verdict) => fake.answerBank(id, verdict),
    };

    expect(await flow(ours)).toEqual(await flow(localstripe()));
  });
});
