import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir, sandboxClient } from '../../support/sandbox';

const KEY = 'chk_1:payment-authorized';
const money = { amount: 3000, currency: 'USD' };
const AUTHORIZE = { ...money, token: 'tok_visa' };

function setup() {
  const app = buildSandbox({ dataDir: aDataDir() });
  const client = sandboxClient(app);
  const payments = (verb: string, body: object = {}) => client.post(`/provider/v1/payments/${verb}`, KEY, body);
  return { ...client, app, payments };
}

test('finds what has become of a key, and leaves no line', async () => {
  const { payments, journal } = setup();

  const before = await payments('find');
  const authorized = await payments('authorize', AUTHORIZE);
  const held = await payments('find');
  await payments('void');
  const voided = await payments('find');

  expect(before.body).toEqual({ outcome: 'unseen' });
  expect(held).toEqual(authorized);
  expect(voided.body).toEqual({ outcome: 'blocked' });
  expect((await journal('payments')).map(({ operation }) => operation)).toEqual(['authorize', 'void']);
});

test('has not seen a key whose only call failed', async () => {
  const { payments } = setup();
  await payments('authorize', { ...AUTHORIZE, token: 'tok_flaky' });

  expect((await payments('find')).body).toEqual({ outcome: 'unseen' });
});

test('a provider that is out of service finds nothing either', async () => {
  const { payments, faults, journal } = setup();
  await faults([{ provider: 'payments', kind: 'fail-before' }]);

  expect((await payments('find')).status).toBe(503);
  expect(await journal('payments')).toEqual([]);
});

test.each(['payments', 'inventory', 'warehouse', 'mail', 'loyalty', 'carrier'])(
  'says that %s is there, and leaves no line',
  async (role) => {
    const { app, journal } = setup();

    expect((await app.inject({ url: `/provider/v1/${role}` })).statusCode).toBe(204);
    expect(await journal(role)).toEqual([]);
  },
);

test('gives back what was captured, each part once, and never more', async () => {
  const { payments, journal } = setup();
  const refund = (name: string, amount: number) => payments('refund', { refund: name, amount, currency: 'USD' });
  await payments('authorize', AUTHORIZE);

  const early = await refund('ref_1', 1000);
  await payments('capture', money);
  const first = await refund('ref_1', 1000);
  const again = await refund('ref_1', 1000);
  const otherAmount = await refund('ref_1', 999);
  const tooMuch = await refund('ref_2', 2001);
  const rest = await refund('ref_3', 2000);

  expect(early.body).toEqual({ outcome: 'rejected', reason: 'nothing-captured' });
  expect(first.body).toMatchObject({ outcome: 'refunded', amount: 1000, currency: 'USD' });
  expect(again).toEqual(first);
  expect(otherAmount.status).toBe(409);
  expect(tooMuch.body).toEqual({ outcome: 'rejected', reason: 'more-than-captured' });
  expect(rest.body).toMatchObject({ outcome: 'refunded', amount: 2000 });
  const given = (await journal('payments')).filter(({ outcome }) => outcome === 'refunded');
  expect(given.map(({ refund: name, amount }) => [name, amount])).toEqual([
    ['ref_1', 1000],
    ['ref_3', 2000],
  ]);
});
