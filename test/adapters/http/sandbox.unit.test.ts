import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import { listeningSandbox, sandboxClient } from '../../support/sandbox';

const address = { name: 'Ada', line1: '12 Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };
const lines = [{ sku: 'MUG-BLUE', quantity: 2 }];
const amount = { minor: 3000n, currency: 'USD' };
const to = 'ada@example.com';
const word = expect.any(String);

const listening = listeningSandbox();
let orders = 0;

async function setup() {
  const { app, baseUrl } = await listening;
  orders += 1;
  const orderId = `chk_${orders}`;
  const settings = { url: baseUrl };
  return {
    payments: HTTP_PORTS.payments(settings),
    inventory: HTTP_PORTS.inventory(settings),
    warehouse: HTTP_PORTS.warehouse(settings),
    mailer: HTTP_PORTS.mail(settings),
    loyalty: HTTP_PORTS.loyalty(settings),
    carrier: HTTP_PORTS.carrier(settings),
    ...sandboxClient(app),
    ...{ baseUrl, orderId, key: `${orderId}:step` },
  };
}

beforeAll(() => listening);
afterAll(async () => (await listening).app.close());

test('authorizes and voids once, however often it is called', async () => {
  const { payments, journal, key } = await setup();

  const first = await payments.authorize({ key, amount, token: 'tok_visa' });
  const second = await payments.authorize({ key, amount, token: 'tok_visa' });
  await payments.void({ key });
  await payments.void({ key });
  const late = await payments.authorize({ key, amount, token: 'tok_visa' });

  expect(first).toEqual({ outcome: 'authorized', reference: word });
  expect(second).toEqual(first);
  expect(late).toEqual({ outcome: 'blocked' });
  const outcomes = (await journal('payments', key)).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['authorized', 'replayed', 'voided', 'replayed', 'blocked']);
});

test('says why a payment was declined', async () => {
  const { payments, key } = await setup();

  const answer = await payments.authorize({ key, amount, token: 'tok_insufficient_funds' });

  expect(answer).toEqual({ outcome: 'declined', reason: 'insufficient-funds' });
});

test('throws when an answer is lost, and a retry returns what happened', async () => {
  const { payments, journal, key } = await setup();
  const authorize = () => payments.authorize({ key, amount, token: 'tok_lost_answer' });

  await expect(authorize()).rejects.toThrow('the call may have acted');
  const retried = await authorize();

  expect(retried).toEqual({ outcome: 'authorized', reference: word });
  expect((await journal('payments', key)).map(({ outcome }) => outcome)).toEqual(['authorized', 'replayed']);
});

test('throws when a provider fails, and when a key comes with another amount', async () => {
  const { payments, key } = await setup();
  const flaky = { key, amount, token: 'tok_flaky' };

  await expect(payments.authorize(flaky)).rejects.toThrow('answered /provider/v1/payments/authorize with status 500');
  await expect(payments.authorize(flaky)).resolves.toMatchObject({ outcome: 'authorized' });
  const other = payments.authorize({ ...flaky, amount: { minor: 1n, currency: 'USD' } });
  await expect(other).rejects.toThrow('status 409');
});

test('captures once, however often it is called, and says why a capture failed', async () => {
  const { payments, journal, key, faults } = await setup();
  const missing = await payments.capture({ key: `${key}-other`, amount });
  await payments.authorize({ key, amount, token: 'tok_visa' });
  await faults([{ provider: 'payments', operation: 'capture', kind: 'refuse', times: 1 }]);

  const expired = await payments.capture({ key, amount });
  const first = await payments.capture({ key, amount });
  const second = await payments.capture({ key, amount });

  expect(missing).toEqual({ outcome: 'rejected', reason: 'nothing-authorized' });
  expect(expired).toEqual({ outcome: 'rejected', reason: 'authorization-expired' });
  expect(first).toEqual({ outcome: 'captured', reference: word });
  expect(second).toEqual(first);
  const captured = (await journal('payments', key)).filter(({ outcome }) => outcome === 'captured');
  expect(captured).toMatchObject([{ key, amount: 3000, currency: 'USD' }]);
});

test('throws when the answer to a capture is lost, and a retry returns what happened', async () => {
  const { payments, journal, key, faults } = await setup();
  await payments.authorize({ key, amount, token: 'tok_visa' });
  await faults([{ provider: 'payments', operation: 'capture', kind: 'lose-answer', times: 1 }]);

  await expect(payments.capture({ key, amount })).rejects.toMatchObject({ fault: 'unreachable' });
  const retried = await payments.capture({ key, amount });

  expect(retried).toEqual({ outcome: 'captured', reference: word });
  expect((await journal('payments', key)).map(({ outcome }) => outcome)).toEqual([
    'authorized',
    'captured',
    'replayed',
  ]);
});

test('gives captured money back when it is voided', async () => {
  const { payments, journal, post, key } = await setup();
  await payments.authorize({ key, amount, token: 'tok_visa' });
  await post('/provider/v1/payments/capture', key, { amount: 3000, currency: 'USD' });

  await payments.void({ key });

  const { operation, outcome, amount: given } = (await journal('payments', key)).at(-1) ?? {};
  expect({ operation, outcome, given }).toEqual({ operation: 'void', outcome: 'refunded', given: 3000 });
});

test('triggers and cancels a fulfillment', async () => {
  const { warehouse, key, faults } = await setup();

  const first = await warehouse.trigger({ key, lines, address });
  const second = await warehouse.trigger({ key, lines, address });
  await warehouse.cancel({ key });
  const late = await warehouse.trigger({ key, lines, address });
  await faults([{ provider: 'warehouse', kind: 'refuse', times: 1 }]);
  const refused = await warehouse.trigger({ key: `${key}-other`, lines, address });

  expect(first).toEqual({ outcome: 'triggered', reference: word });
  expect(second).toEqual(first);
  expect(late).toEqual({ outcome: 'blocked' });
  expect(refused).toEqual({ outcome: 'refused', reason: 'fault-switch' });
});

test('sends a confirmation and its cancellation, and neither if the cancellation came first', async () => {
  const { mailer, journal, orderId, key } = await setup();
  const early = `${key}-early`;
  const letter = { to, orderId, name: 'Ada', total: amount, lines };

  const sent = await mailer.sendConfirmation({ ...letter, key });
  await mailer.sendCancellation({ key, to, orderId });
  await mailer.sendCancellation({ key, to, orderId });
  await mailer.sendCancellation({ key: early, to, orderId });
  const late = await mailer.sendConfirmation({ ...letter, key: early });

  expect(sent).toEqual({ outcome: 'sent', reference: word });
  expect(late).toEqual({ outcome: 'blocked' });
  const mails = (await journal('mail', key)).map(({ operation, outcome }) => `${operation} ${outcome}`);
  expect(mails).toEqual(['send sent', 'cancel sent', 'cancel replayed', 'cancel closed', 'send blocked']);
});

test('generates and voids a label, and generates none for an undeliverable address', async () => {
  const { carrier, orderId, key } = await setup();
  const nowhere = { ...address, postalCode: '00000' };
  const parcel = { address, orderId, lines, value: amount };

  const label = await carrier.generateLabel({ ...parcel, key });
  const none = await carrier.generateLabel({ ...parcel, key: `${key}-other`, address: nowhere });
  await carrier.voidLabel({ key });
  const late = await carrier.generateLabel({ ...parcel, key });

  expect(label).toEqual({ outcome: 'generated', reference: word, trackingNumber: word });
  expect(none).toEqual({ outcome: 'undeliverable', reason: 'unknown-postal-code' });
  expect(late).toEqual({ outcome: 'blocked' });
});

test('holds the money once in a hundred concurrent calls', async () => {
  const { payments, journal, key } = await setup();

  const answers = await Promise.all(
    Array.from({ length: 100 }, () => payments.authorize({ key, amount, token: 'tok_visa' })),
  );

  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect((await journal('payments', key)).filter(({ outcome }) => outcome === 'authorized')).toHaveLength(1);
});
