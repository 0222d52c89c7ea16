import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually';
import { ACCOUNTS, CONNECT_SECRET, stripeStack } from '../support/stripe/stripe-stack';
import type { StripeStack } from '../support/stripe/stripe-stack';
import { signed } from '../support/stripe/webhooks';

/* Whole orders at Stripe: every process of ours is real, and the ledger of the fake says what became of the money. */
const CARD = 'pm_card_visa';
const ASKS = 'pm_card_threeDSecure2Required';
/** Long enough for an approval on a slow machine. */
const AWAIT_CUSTOMER = '20s';

const TOTAL = 3_000;
const NOTHING = { holds: 0, held: 0, captured: 0, freed: 0, refunded: 0 };
const CAPTURED_ONCE = { ...NOTHING, holds: 1, captured: TOTAL };

let stripe: StripeStack;
beforeAll(async () => {
  stripe = await stripeStack({ AWAIT_CUSTOMER });
});
afterAll(() => stripe.close());

/** The payment of an order, once the relay has captured it. */
async function captured(id: string) {
  await eventually(() => (stripe.money(id).captured > 0 ? true : undefined));
  const intents = stripe.intents(id);
  const captures = intents.map((intent) => stripe.asked(intent.id, 'capture'));
  return { state: (await stripe.stack.read(id)).state, captures, money: stripe.money(id) };
}

const COMPLETED = { state: 'completed', captures: [1], money: CAPTURED_ONCE };

/** An order of acme's that waits for its customer. */
async function asking() {
  const order = await stripe.order(ASKS);
  const { state, url } = await eventually(async () => {
    const { state: its, nextAction } = await stripe.stack.read(order.id, 'sk_sandbox_acme');
    return nextAction ? { state: its, url: nextAction.url } : undefined;
  });
  expect(state).toBe('awaiting-customer');
  return { ...order, url };
}

/** The customer presses Approve at the bank's page. */
const approve = async (url: string) => (await fetch(`${url}approve`, { method: 'POST', redirect: 'manual' })).status;

async function refusalOf({ id, outcome }: Awaited<ReturnType<StripeStack['order']>>) {
  const { state } = await stripe.stack.ended(id);
  const { status, body } = await outcome();
  return { state, status, code: (JSON.parse(body.toString()) as { code: string }).code };
}

/** The news that were stored for an order, and whether its checkout was told. */
async function newsOf(id: string) {
  const { rows } = await stripe.stack.db.query<{ source: string; told: boolean }>(
    `select source, asked_at is not null as told from provider_notices where checkout_id = $1`,
    [id],
  );
  return rows;
}

test('a card that asks nothing is held and captured once', async () => {
  const { id } = await stripe.order(CARD);

  await stripe.stack.ended(id);

  expect(await captured(id)).toEqual(COMPLETED);
});

test('an order waits for 3-D Secure, is woken by the webhook, and is captured once', async () => {
  const { id, url } = await asking();
  const before = [stripe.money(id), await newsOf(id)];

  expect(await approve(url)).toBe(303);
  await eventually(async () => ((await newsOf(id)).some(({ told }) => told) ? true : undefined));
  await stripe.stack.ended(id);

  expect(before).toEqual([NOTHING, []]);
  expect(await captured(id)).toEqual(COMPLETED);
  // The bank's page takes one answer.
  expect(await approve(url)).toBe(410);
});

test('a declined card refuses the order, and holds nothing', async () => {
  const order = await stripe.order('pm_card_visa_chargeDeclined');

  expect(await refusalOf(order)).toEqual({ state: 'refused', status: 402, code: 'payment-declined' });
  expect(stripe.money(order.id)).toEqual(NOTHING);
});

test('a payment that is abandoned is cancelled at Stripe, and an approval after that holds nothing', async () => {
  const { url, ...order } = await asking();

  const refusal = await refusalOf(order);
  const late = await approve(url);

  expect(refusal).toEqual({ state: 'refused', status: 402, code: 'payment-abandoned' });
  expect(late).toBe(410);
  expect(stripe.intents(order.id).map(({ status }) => status)).toEqual(['canceled']);
  expect(stripe.money(order.id)).toEqual(NOTHING);
});

test('what was held for a sold-out item is freed', async () => {
  const order = await stripe.order(CARD, { items: [{ sku: 'SOLD-OUT', quantity: 1 }] });

  expect(await refusalOf(order)).toEqual({ state: 'refused', status: 409, code: 'out-of-stock' });
  const money = stripe.money(order.id);
  expect(money).toEqual({ ...NOTHING, holds: 1, freed: money.freed });
  expect(money.freed).toBeGreaterThan(0);
});

test("each tenant's payments are at its own account, and no event of the other's reaches them", async () => {
  const [{ id, url }, others] = await Promise.all([asking(), stripe.order(CARD, { tenant: 'globex' })]);
  const [intent] = stripe.intents(id);
  const send = async (account: string) => {
    const event = { id: `evt_${account}_${id}`, object: 'event', account, data: { object: intent } };
    return (await fetch(stripe.webhookUrl, { method: 'POST', ...signed(event, CONNECT_SECRET) })).status;
  };

  const theirs = [await send(ACCOUNTS.globex), await newsOf(id)];
  const own = [await send(ACCOUNTS.acme), (await newsOf(id)).map(({ source }) => source)];
  await approve(url);
  await Promise.all([id, others.id].map((each) => stripe.stack.ended(each)));

  expect([theirs, own]).toEqual([
    [404, []],
    [200, ['acme']],
  ]);
  expect(await Promise.all([id, others.id].map(captured))).toEqual([COMPLETED, COMPLETED]);
  const accountsOf = (order: string) =>
    new Set(
      stripe
        .intents(order)
        .flatMap((each) =>
          stripe.fake.served.filter(({ path }) => path.includes(each.id)).map(({ account }) => account),
        ),
    );
  expect([id, others.id].map(accountsOf)).toEqual([new Set([ACCOUNTS.acme]), new Set([ACCOUNTS.globex])]);
});
