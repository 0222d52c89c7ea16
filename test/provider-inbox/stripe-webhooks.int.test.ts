import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keyMemoryIn } from '../../src/adapters/key-memory';
import { stripeWebhooks } from '../../src/adapters/stripe/webhooks';
import { providerKey } from '../../src/ports/provider-key';
import { providerInbox } from '../../src/provider-inbox/provider-inbox';
import type { Sender } from '../../src/provider-inbox/senders';
import { accepted, checkoutWorld } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { signed } from '../support/stripe/webhooks';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const SECRET = 'whsec_of_the_platform';
const ACCOUNTS = { acme: 'acct_berlin', globex: 'acct_paris' };
const ALL: Sender[] = Object.entries(ACCOUNTS).map(([source, account]) => ({
  ...{ source, role: 'payments', choice: `stripe ${account}`, account },
  ...{ webhooks: stripeWebhooks, secret: SECRET },
}));

/** An order of acme's whose payment is at acme's account of the platform, and an inbox. */
async function setup() {
  const { checkoutId } = await accepted(world.db);
  await world.db.query(`update checkouts set providers = $2 where id = $1`, [
    ...[checkoutId, JSON.stringify({ payments: `stripe ${ACCOUNTS.acme}` })],
  ]);
  const key = providerKey(checkoutId, 'payment-authorized');
  const keys = keyMemoryIn(world.db, 'payments');
  await keys.begin(key, ['10.00']);
  await keys.settle(key, `pi_${checkoutId}`);

  const inbox = providerInbox({ db: world.db, senders: ALL });
  const event = {
    ...{ id: `evt_${checkoutId}`, object: 'event', account: ACCOUNTS.acme },
    data: { object: { id: `pi_${checkoutId}`, object: 'payment_intent', metadata: { checkout_key: key } } },
  };
  const receive = (said: object, { secret = SECRET, secondsAgo = 0 } = {}) => {
    const { headers, body } = signed(said, secret, Math.floor(Date.now() / 1_000) - secondsAgo);
    return inbox.receive({ tenant: '-', role: 'payments' }, headers, Buffer.from(body));
  };
  const noticed = async () => {
    const { rows } = await world.db.query(`select source from provider_notices where checkout_id = $1`, [checkoutId]);
    return rows;
  };
  return { event, receive, noticed };
}

test("an event of a connected account, at the platform's one address, is stored once", async () => {
  const { event, receive, noticed } = await setup();

  expect([await receive(event), await receive(event)]).toEqual(['received', 'repeated']);
  expect(await noticed()).toEqual([{ source: 'acme' }]);
});

test.each([
  ["of another tenant's account", { account: ACCOUNTS.globex }, 'other-tenant'],
  ['of an account that nobody has', { account: 'acct_thief' }, 'other-tenant'],
  ['about nothing of ours', { data: { object: { id: 'cus_1', object: 'customer' } } }, 'unknown'],
])('an event %s has no effect', async (_, changes, receipt) => {
  const { event, receive, noticed } = await setup();

  expect(await receive({ ...event, ...changes })).toBe(receipt);
  expect(await noticed()).toEqual([]);
});

test('an event about another payment that bears our key has no effect', async () => {
  const { event, receive, noticed } = await setup();
  const another = { ...event.data.object, id: 'pi_of_a_thief' };

  expect(await receive({ ...event, data: { object: another } })).toBe('other-tenant');
  expect(await noticed()).toEqual([]);
});

test.each([
  ['forged', { secret: 'whsec_of_a_thief' }],
  ['stale', { secondsAgo: 301 }],
])('an event that is %s has no effect', async (receipt, how) => {
  const { event, receive, noticed } = await setup();

  expect(await receive(event, how)).toBe(receipt);
  expect(await noticed()).toEqual([]);
});
