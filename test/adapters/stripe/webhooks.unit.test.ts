import { expect, test } from '@jest/globals';
import { stripeWebhooks } from '../../../src/adapters/stripe/webhooks';
import { signed } from '../../support/stripe/webhooks';

const SECRET = 'whsec_of_the_shop';
const KEY = 'chk_1:payment-authorized';
const LONG_AGO = 1_000_000_000;

const event = (object: object, more: object = {}) => ({ id: 'evt_1', object: 'event', data: { object }, ...more });
const intent = { id: 'pi_1', object: 'payment_intent', metadata: { checkout_key: KEY } };

function read({ body, headers }: ReturnType<typeof signed>, changed: Record<string, string> = {}) {
  return stripeWebhooks.read(SECRET, { ...headers, ...changed }, Buffer.from(body));
}

test('reads which call of ours an event is about, however old it is', () => {
  const notice = read(signed(event(intent, { account: 'acct_berlin' }), SECRET, LONG_AGO));

  expect(notice).toEqual({ id: 'evt_1', signedAt: LONG_AGO, key: KEY, reference: 'pi_1', account: 'acct_berlin' });
});

test('a charge names its payment', () => {
  const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', metadata: { checkout_key: KEY } };

  expect(read(signed(event(charge), SECRET))).toMatchObject({ key: KEY, reference: 'pi_1' });
});

test.each([
  ['of another', event({ id: 'cus_1', object: 'customer' })],
  ['without an object', { id: 'evt_1' }],
  ['with odd fields', event({ id: 1, object: 'payment_intent', metadata: 'none' }, { account: {} })],
])('an event %s is genuine, and about nothing of ours', (_, odd) => {
  expect(read(signed(odd, SECRET, LONG_AGO))).toEqual({ id: 'evt_1', signedAt: LONG_AGO });
});

test('what another secret has signed is nobody we know', () => {
  expect(read(signed(event(intent), 'whsec_of_a_thief'))).toBeUndefined();
});

test('a body with one byte changed is forged', () => {
  const { body, headers } = signed(event(intent), SECRET);

  expect(read({ body: body.replace('chk_1', 'chk_2'), headers })).toBeUndefined();
});

test('an old letter with a new moment beside the old one is forged', () => {
  const letter = signed(event(intent), SECRET, LONG_AGO);
  const now = Math.floor(Date.now() / 1_000);
  const signature = letter.headers['stripe-signature'] ?? '';

  for (const forged of [
    `t=${now},${signature}`,
    `${signature},t=${now}`,
    signature.replace(`t=${LONG_AGO}`, `t=${now}`),
  ])
    expect(read(letter, { 'stripe-signature': forged })).toBeUndefined();
});

test('while its secret changes, Stripe signs with both', () => {
  const letter = signed(event(intent), SECRET, LONG_AGO);
  const other = signed(event(intent), 'whsec_new', LONG_AGO).headers['stripe-signature']?.split(',')[1];

  const both = letter.headers['stripe-signature']?.replace(',', `,${other},`) ?? '';

  expect(read(letter, { 'stripe-signature': both })).toMatchObject({ id: 'evt_1' });
});

test.each(['', 't=', 'v1=00', 't=1', 't=1,v1=', 't=-1,v1=00', 't=1e9,v1=00', 't=99999999999999,v1=00', '\u0000'])(
  'the header %j is no signature',
  (header) => {
    expect(read(signed(event(intent), SECRET), { 'stripe-signature': header })).toBeUndefined();
  },
);

test('an event that is not JSON, or has no id, is nothing', () => {
  expect(read(signed({ object: 'event' }, SECRET))).toBeUndefined();
  expect(stripeWebhooks.read(SECRET, {}, Buffer.from(''))).toBeUndefined();
});
