import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir, sandboxClient } from '../../support/sandbox';

const address = { name: 'Ada Lovelace', line1: '12 Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };

const VENDORS = [
  {
    provider: 'warehouse',
    act: '/warehouse/fulfillments',
    body: { lines: [{ sku: 'MUG-BLUE', quantity: 2 }], address },
    otherBody: { lines: [{ sku: 'MUG-BLUE', quantity: 3 }], address },
    acted: { outcome: 'triggered', fulfillmentId: expect.stringMatching(/^ful_/) },
    undo: '/warehouse/cancellations',
    undoBody: {},
    undone: { outcome: 'cancelled', fulfillmentId: expect.stringMatching(/^ful_/) },
  },
  {
    provider: 'mail',
    act: '/mail/messages',
    body: { to: 'ada@example.com', orderId: 'chk_1', total: 'USD 30.00' },
    otherBody: { to: 'ada@example.com', orderId: 'chk_1', total: 'USD 31.00' },
    acted: { outcome: 'sent', messageId: expect.stringMatching(/^msg_/) },
    undo: '/mail/cancellations',
    undoBody: { to: 'ada@example.com', orderId: 'chk_1' },
    undone: { outcome: 'sent', messageId: expect.stringMatching(/^msg_/) },
  },
  {
    provider: 'carrier',
    act: '/carrier/labels',
    body: { address, orderId: 'chk_1' },
    otherBody: { address, orderId: 'chk_2' },
    acted: {
      outcome: 'generated',
      labelId: expect.stringMatching(/^lab_/),
      trackingNumber: expect.stringMatching(/^SB\d{12}$/),
    },
    undo: '/carrier/voids',
    undoBody: {},
    undone: { outcome: 'voided', labelId: expect.stringMatching(/^lab_/) },
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
  const body = { address: { ...address, postalCode: '00000' }, orderId: 'chk_1' };

  const first = await client.post('/carrier/labels', 'chk_1:s', body);
  const second = await client.post('/carrier/labels', 'chk_1:s', body);

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
  await client.post('/payments/authorizations', 'chk_1:s', { amount: 1, currency: 'USD', token: 'tok_visa' });

  const files = ['payments', 'warehouse', 'mail', 'carrier'].map((name) =>
    readFileSync(join(client.dataDir, 'sandbox', `${name}.jsonl`), 'utf8'),
  );

  expect(files.join('')).not.toMatch(/\bada\b|lovelace|square|london|sw1y|tok_/i);
  expect((await client.journal('mail', 'chk_22')).map(({ key, seq }) => [key, seq])).toEqual([['chk_22:s', 3]]);
  expect(await client.journal('mail')).toHaveLength(3);
});
