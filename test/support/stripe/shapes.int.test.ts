import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import { describeWith } from '../describe-with';
import type { OwnServer } from '../own-server';
import { library } from './library';
import { A_HOLD, refusal, setup } from './setup';
import { missingForStripeMock, startStripeMock, STRIPE_MOCK_BUILD_MS } from './stripe-mock';

type Fields = Readonly<Record<string, unknown>>;

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
const asFields = (object: unknown) => object as Fields;

/** The fields that only one of them has, or that have other types; `null` fits every type. */
const differences = (ours: Fields, theirs: Fields) => ({
  made_up: Object.keys(ours).filter((name) => !(name in theirs)),
  other_type: Object.keys(ours).filter((name) => {
    const [one, other] = [ours[name], theirs[name]];
    return one !== null && other !== null && name in theirs && kindOf(one) !== kindOf(other);
  }),
  missing: Object.keys(theirs).filter((name) => !(name in ours)),
});
const NONE = { made_up: [], other_type: [], missing: [] };
/** The fake has a part of these objects. */
const PART = { ...NONE, missing: expect.anything() };

/** Every parameter that the fake knows is in one of these calls: stripe-mock refuses what the published description does not have. */
const CALLS = {
  create: (stripe) =>
    stripe.paymentIntents.create({
      ...A_HOLD,
      payment_method: 'pm_card_visa',
      description: 'An order',
      metadata: { checkout_key: 'one' },
      confirm: true,
      return_url: 'https://shop.example/back',
      expand: ['latest_charge'],
    }),
  'create for what the account has switched on': (stripe) =>
    stripe.paymentIntents.create({
      amount: 1_000,
      currency: 'eur',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    }),
  retrieve: async (stripe) => stripe.paymentIntents.retrieve((await stripe.paymentIntents.create(A_HOLD)).id),
  confirm: async (stripe) =>
    stripe.paymentIntents.confirm((await stripe.paymentIntents.create(A_HOLD)).id, {
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.example/back',
    }),
  'confirm with a confirmation token': async (stripe) =>
    stripe.paymentIntents.confirm((await stripe.paymentIntents.create(A_HOLD)).id, {
      confirmation_token: 'ctoken_fake_visa',
    }),
  capture: async (stripe) =>
    stripe.paymentIntents.capture((await stripe.paymentIntents.create({ ...A_HOLD, confirm: true })).id, {
      amount_to_capture: 400,
      metadata: { captured: 'partly' },
    }),
  cancel: async (stripe) =>
    stripe.paymentIntents.cancel((await stripe.paymentIntents.create(A_HOLD)).id, {
      cancellation_reason: 'abandoned',
    }),
} satisfies Record<string, (stripe: Stripe) => Promise<Stripe.PaymentIntent>>;

const taken = (stripe: Stripe) =>
  stripe.paymentIntents.create({ ...A_HOLD, capture_method: 'automatic', confirm: true });

describeWith(missingForStripeMock(), 'the shapes of stripe-mock', () => {
  let mock: OwnServer;
  let theirs: Stripe;
  beforeAll(async () => {
    mock = await startStripeMock();
    theirs = library({ port: mock.place.port, secretKey: 'sk_test_fake' });
  }, STRIPE_MOCK_BUILD_MS);
  afterAll(() => mock?.stop());

  test.each(Object.entries(CALLS))('%s answers a PaymentIntent with the same fields and types', async (_, call) => {
    const { stripe } = await setup();

    expect(differences(asFields(await call(stripe)), asFields(await call(theirs)))).toEqual(NONE);
  });

  test('a refund has the same fields and types, alone and in a list', async () => {
    const { stripe } = await setup();
    const made = async (one: Stripe) => {
      const wanted = { payment_intent: (await taken(one)).id, amount: 400, metadata: { refund: 'one' } };
      const refund = await one.refunds.create({ ...wanted, reason: 'requested_by_customer' });
      const list = await one.refunds.list({ payment_intent: refund.payment_intent as string, limit: 10 });
      return { refund, list, inList: list.data[0], again: await one.refunds.retrieve(refund.id) };
    };
    const [ours, others] = [await made(stripe), await made(theirs)];

    for (const name of ['refund', 'list', 'inList', 'again'] as const)
      expect(differences(asFields(ours[name]), asFields(others[name]))).toEqual(NONE);
  });

  test('a charge, an account and a balance have no field that is made up', async () => {
    const { stripe } = await setup();
    const seen = async (one: Stripe) => {
      const { latest_charge: charge } = await one.paymentIntents.retrieve((await taken(one)).id, {
        expand: ['latest_charge'],
      });
      return { charge, account: await one.accounts.retrieveCurrent(), balance: await one.balance.retrieve() };
    };
    const [ours, others] = [await seen(stripe), await seen(theirs)];

    // stripe-mock expands no charge where its example has none.
    const charge = others.charge ?? (await theirs.charges.retrieve('ch_1'));
    expect(differences(asFields(ours.charge), asFields(charge))).toEqual(PART);
    expect(differences(asFields(ours.account), asFields(others.account))).toEqual(PART);
    expect(differences(asFields(ours.balance), asFields(others.balance))).toEqual(PART);
  });

  test('an event has the same fields and types', async () => {
    const { fake, stripe } = await setup();
    await taken(stripe);

    expect(differences(asFields(fake.webhooks.events[0]), asFields(await theirs.events.retrieve('evt_1')))).toEqual(
      NONE,
    );
  });

  test('both refuse a parameter that is none, and a key that is none', async () => {
    const { fake, stripe } = await setup();
    const misspelt = { ...A_HOLD, capture_methd: 'manual' };
    const unknown = (port: number) => library({ port, secretKey: 'nonsense' }).balance.retrieve();

    for (const one of [stripe, theirs])
      expect(await refusal(one.paymentIntents.create(misspelt))).toMatchObject({
        statusCode: 400,
        rawType: 'invalid_request_error',
      });
    for (const port of [fake.port, mock.place.port])
      expect(await refusal(unknown(port))).toMatchObject({ statusCode: 401, rawType: 'invalid_request_error' });
  });
});
