import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir, sandboxClient } from '../../support/sandbox';

const address = { name: 'Ada Lovelace', line1: '12 Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };

const lines = [{ sku: 'MUG-BLUE', quantity: 2, name: 'Blue mug', weightGrams: 300 }];
const total = { amount: 3000, currency: 'USD' };
const letter = { to: 'ada@example.com', orderId: 'chk_1' };
const parcel = { address, orderId: 'chk_1', lines, value: total };

const VENDORS = [
  {
    provider: 'warehouse',
    act: '/provider/v1/warehouse/trigger',
    body: { lines, address, phone: '+44 20' },
    otherBody: { lines: [{ sku: 'MUG-BLUE', quantity: 3 }], address },
    acted: { outcome: 'triggered', reference: expect.stringMatching(/^ful_/) },
    undo: '/provider/v1/warehouse/cancel',
    undoBody: {},
    undone: { outcome: 'cancelled' },
  },
  {
    provider: 'mail',
    act: '/provider/v1/mail/send-confirmation',
    body: { ...letter, name: 'Ada', total, lines },
    otherBody: { ...letter, name: 'Ada', total: { ...total, amount: 3100 }, lines },
    acted: { outcome: 'sent', reference: expect.stringMatching(/^msg_/) },
    undo: '/provider/v1/mail/send-cancellation',
    undoBody: letter,
    undone: { outcome: 'sent' },
  },
  {
    provider: 'carrier',
    act: '/provider/v1/carrier/generate',
    body: parcel,
    otherBody: { ...parcel, orderId: 'chk_2' },
    acted: {
      outcome: 'generated',
      reference: expect.stringMatching(/^lab_/),
      trackingNumber: expect.stringMatching(/^SB\d{12}$/),
    },
    undo: '/provider/v1/carrier/void',
    undoBody: {},
    undone: { outcome: 'voided' },
  },
  {
    provider: 'inventory',
    act: '/provider/v1/inventory/reserve',
    body: { lines: [{ sku: 'MUG-BLUE', quantity: 2 }] },
    otherBody: { lines: [{ sku: 'MUG-BLUE', quantity: 3 }] },
    acted: { outcome: 'reserved', reference: expect.stringMatching(/^res_/) },
    undo: '/provider/v1/inventory/release',
    undoBody: {},
    undone: { outcome: 'released' },
  },
  {
    provider: 'loyalty',
    act: '/provider/v1/loyalty/award',
    body: { orderId: 'chk_1', customerId: 'cus_42', total },
    otherBody: { orderId: 'chk_1', customerId: 'cus_43', total },
    acted: { outcome: 'awarded', reference: expect.stringMatching(/^awd_/), points: 30 },
    undo: '/provider/v1/loyalty/revoke',
    undoBody: {},
    undone: { outcome: 'revoked' },
  },
];

function setup() {
  const dataDir = aDataDir();
  return { ...sandboxClient(buildSandbox({ dataDir })), dataDir };
}

test.each(VENDORS)('$provider acts once, is undone once, and then no longer acts', async (vendor) => {
  const client = setup();
  const act = () => client.post(vendor.act, 'chk_1:s', vendor.body);
  const undo = () => client.post(vendor.undo, 'chk_1:s', vendor.undoBody);

  const acted = await act();
  const actedAgain = await act();
  const undone = await undo();
  const undoneAgain = await undo();
  const late = await act();

  expect(acted).toEqual({ status: 200, body: vendor.acted });
  expect(actedAgain).toEqual(acted);
  expect(undone).toEqual({ status: 200, body: vendor.undone });
  expect(undoneAgain).toEqual(undone);
  expect(late.body).toEqual({ outcome: 'blocked' });
  const outcomes = (await client.journal(vendor.provider)).map(({ outcome }) => outcome);
  expect(outcomes).toEqual([vendor.acted.outcome, 'replayed', vendor.undone.outcome, 'replayed', 'blocked']);
});

test.each(VENDORS)('$provider refuses a key whose undo came first', async (vendor) => {
  const client = setup();

  const undone = await client.post(vendor.undo, 'chk_1:s', vendor.undoBody);
  const late = await client.post(vendor.act, 'chk_1:s', vendor.body);

  expect(undone.body).toEqual({ outcome: 'closed' });
  expect(late.body).toEqual({ outcome: 'blocked' });
});

test.each(VENDORS)('$provider refuses a second body for a key, and an unknown field', async (vendor) => {
  const client = setup();
  await client.post(vendor.act, 'chk_1:s', vendor.body);

  const other = await client.post(vendor.act, 'chk_1:s', vendor.otherBody);
  const unknown = await client.post(vendor.act, 'chk_2:s', { ...vendor.body, extra: 1 });

  expect([other.status, unknown.status]).toEqual([409, 400]);
});

test('never delivers to postal code 00000', async () => {
  const client = setup();
  const body = { ...parcel, address: { ...address, postalCode: '00000' } };

  const first = await client.post('/provider/v1/carrier/generate', 'chk_1:s', body);
  const second = await client.post('/provider/v1/carrier/generate', 'chk_1:s', body);

  expect(first.body).toEqual({ outcome: 'undeliverable', reason: 'unknown-postal-code' });
  expect(second).toEqual(first);
});

test('journals have no personal data, and can be read by key prefix', async () => {
  const client = setup();
  for (const { act, body, undo, undoBody } of VENDORS) {
    await client.post(act, 'chk_1:s', body);
    await client.post(undo, 'chk_1:s', undoBody);
    await client.post(act, 'chk_22:s', body);
  }
  await client.post('/provider/v1/payments/authorize', 'chk_1:s', { amount: 1, currency: 'USD', token: 'tok_visa' });

  const files = ['payments', 'inventory', 'warehouse', 'mail', 'loyalty', 'carrier'].map((name) =>
    readFileSync(join(client.dataDir, 'sandbox', `${name}.jsonl`), 'utf8'),
  );

  expect(files.join('')).not.toMatch(/\bada\b|lovelace|square|london|sw1y|\+44|cus_|tok_/i);
  expect((await client.journal('mail', 'chk_22')).map(({ key, seq }) => [key, seq])).toEqual([['chk_22:s', 3]]);
  expect(await client.journal('mail')).toHaveLength(3);
});

test('makes a label for postal code 99999 after two faults, and then the same one again', async () => {
  const client = setup();
  const body = { ...parcel, address: { ...address, postalCode: '99999' } };
  const call = () => client.post('/provider/v1/carrier/generate', 'chk_1:s', body);

  const answers = [await call(), await call(), await call(), await call()];

  expect(answers.map(({ status }) => status)).toEqual([500, 500, 200, 200]);
  expect(answers[3]).toEqual(answers[2]);
});

test('sells what was reserved, once, and nothing else', async () => {
  const client = setup();
  const inventory = (verb: string, key: string, body = {}) => client.post(`/provider/v1/inventory/${verb}`, key, body);
  await inventory('reserve', 'chk_1:s', { lines: [{ sku: 'MUG-BLUE', quantity: 2 }] });

  const outcomes = [
    await inventory('commit', 'chk_1:s'),
    await inventory('release', 'chk_1:s'),
    await inventory('commit', 'chk_2:s'),
    await inventory('reserve', 'chk_3:s', { lines: [{ sku: 'SOLD-OUT', quantity: 1 }] }),
  ].map(({ body }) => body['outcome']);

  expect(outcomes).toEqual(['committed', 'rejected', 'rejected', 'out-of-stock']);
});
