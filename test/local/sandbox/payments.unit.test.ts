import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir, sandboxClient } from '../../support/sandbox';

const KEY = 'chk_1:payment-authorized';
const aCharge = { amount: 3000, currency: 'USD', token: 'tok_visa' };

function setup() {
  const client = sandboxClient(buildSandbox({ dataDir: aDataDir() }));
  return {
    ...client,
    authorize: (body: object = aCharge, key = KEY) => client.post('/provider/v1/payments/authorize', key, body),
    void: (key = KEY) => client.post('/provider/v1/payments/void', key, {}),
    capture: (body: object = { amount: 3000, currency: 'USD' }) =>
      client.post('/provider/v1/payments/capture', KEY, body),
    outcomes: async () => (await client.journal('payments')).map(({ operation, outcome }) => `${operation} ${outcome}`),
  };
}

test('authorizes once for a key, and gives the same answer again', async () => {
  const payments = setup();

  const first = await payments.authorize();
  const second = await payments.authorize({ token: 'tok_visa', currency: 'USD', amount: 3000 });

  expect(first).toMatchObject({ status: 200, body: { outcome: 'authorized', amount: 3000, currency: 'USD' } });
  expect(second).toEqual(first);
  expect(await payments.outcomes()).toEqual(['authorize authorized', 'authorize replayed']);
});

test('refuses a second body for a key, even after its first call failed', async () => {
  const payments = setup();
  await payments.authorize();
  await payments.authorize({ ...aCharge, token: 'tok_flaky' }, 'chk_2:payment-authorized');

  const other = await payments.authorize({ ...aCharge, amount: 3001 });
  const another = await payments.authorize(aCharge, 'chk_2:payment-authorized');

  expect([other.status, another.status]).toEqual([409, 409]);
  expect(await payments.outcomes()).toEqual([
    'authorize authorized',
    'authorize failed',
    'authorize conflict',
    'authorize conflict',
  ]);
});

test('blocks a key that was voided before it was used', async () => {
  const payments = setup();

  const voided = await payments.void();
  const late = await payments.authorize();

  expect(voided.body).toEqual({ outcome: 'closed' });
  expect(late.body).toEqual({ outcome: 'blocked' });
});

test('frees an authorization once, and blocks its key from then on', async () => {
  const payments = setup();
  const { body } = await payments.authorize();

  const voided = await payments.void();
  const again = await payments.void();
  const late = await payments.authorize();

  expect(body).toMatchObject({ outcome: 'authorized' });
  expect(voided.body).toMatchObject({ outcome: 'voided' });
  expect(again).toEqual(voided);
  expect(late.body).toEqual({ outcome: 'blocked' });
  expect(await payments.outcomes()).toEqual([
    'authorize authorized',
    'void voided',
    'void replayed',
    'authorize blocked',
  ]);
});

test('captures held money once, and a void then gives it back', async () => {
  const payments = setup();
  await payments.authorize();

  const first = await payments.capture();
  const second = await payments.capture();
  const voided = await payments.void();

  expect(first.body).toMatchObject({ outcome: 'captured', amount: 3000, currency: 'USD' });
  expect(second).toEqual(first);
  expect(voided.body).toEqual({ outcome: 'refunded', reference: expect.any(String), amount: 3000, currency: 'USD' });
});

test('captures no other amount than the one held', async () => {
  const payments = setup();
  await payments.authorize();

  const captured = await payments.capture({ amount: 2999, currency: 'USD' });

  expect(captured.body).toEqual({ outcome: 'rejected', reason: 'amount-differs' });
});

test('captures no money that was never held or that was freed', async () => {
  const payments = setup();
  const declined = setup();
  await payments.authorize();
  await payments.void();
  await declined.authorize({ ...aCharge, token: 'tok_declined' });

  const afterVoid = await payments.capture();
  const afterDecline = await declined.capture();

  expect(afterVoid.body).toEqual({ outcome: 'rejected', reason: 'voided' });
  expect(afterDecline.body).toEqual({ outcome: 'rejected', reason: 'nothing-authorized' });
});

test('after an authorization has expired, authorizes again, and captures once', async () => {
  const payments = setup();
  await payments.authorize();
  await payments.faults([{ provider: 'payments', operation: 'capture', kind: 'refuse' }]);

  const expired = [await payments.capture(), await payments.capture()];
  await payments.faults([]);
  const captured = [await payments.capture(), await payments.capture()];

  const answer = { status: 200, body: { outcome: 'rejected', reason: 'authorization-expired' } };
  expect(expired).toEqual([answer, answer]);
  expect(captured[0]?.body).toMatchObject({ outcome: 'captured', amount: 3000, currency: 'USD' });
  expect(captured[1]).toEqual(captured[0]);
  expect((await payments.outcomes()).slice(1)).toEqual([
    'capture rejected',
    'capture rejected',
    'capture captured',
    'capture replayed',
  ]);
});

test('an expired authorization can still be voided, and then is never captured', async () => {
  const payments = setup();
  await payments.authorize();
  await payments.faults([{ provider: 'payments', operation: 'capture', kind: 'refuse', times: 1 }]);
  await payments.capture();

  const voided = await payments.void();
  const late = await payments.capture();

  expect(voided.body).toMatchObject({ outcome: 'voided' });
  expect(late.body).toEqual({ outcome: 'rejected', reason: 'voided' });
});

test('tok_flaky affects authorizations only, not captures', async () => {
  const payments = setup();
  await payments.authorize({ ...aCharge, token: 'tok_flaky' });
  await payments.authorize({ ...aCharge, token: 'tok_flaky' });

  const captured = await payments.capture();

  expect(captured).toMatchObject({ status: 200, body: { outcome: 'captured' } });
});

test.each([
  ['tok_declined', 'card-declined'],
  ['tok_insufficient_funds', 'insufficient-funds'],
  ['tok_of_nobody', 'unknown-token'],
  ['__proto__', 'unknown-token'],
])('always declines %s: %s', async (token, reason) => {
  const payments = setup();

  const first = await payments.authorize({ ...aCharge, token });
  const second = await payments.authorize({ ...aCharge, token });

  expect(first.body).toMatchObject({ outcome: 'declined', reason });
  expect(second).toEqual(first);
});

test('with tok_slow, authorizes late, gives an equal call the same answer, and lets a void win', async () => {
  const payments = setup();
  const slow = { ...aCharge, token: 'tok_slow' };
  const answered: string[] = [];
  const authorize = async (name: string, charge: typeof aCharge, key?: string) => {
    const answer = await payments.authorize(charge, key);
    answered.push(name);
    return answer;
  };

  const [first, second] = await Promise.all([
    authorize('slow', slow),
    authorize('its copy', slow),
    authorize('another', aCharge, 'chk_3:p'),
  ]);
  const [late] = await Promise.all([payments.authorize(slow, 'chk_2:p'), payments.void('chk_2:p')]);

  expect(answered[0]).toBe('another');
  expect(first).toMatchObject({ status: 200, body: { outcome: 'authorized' } });
  expect(second).toEqual(first);
  expect(late.body).toEqual({ outcome: 'blocked' });
});

test('with tok_flaky, fails every second call, beginning with the first', async () => {
  const payments = setup();
  const flaky = { ...aCharge, token: 'tok_flaky' };

  const statuses: number[] = [];
  for (let call = 0; call < 4; call += 1) statuses.push((await payments.authorize(flaky)).status);

  expect(statuses).toEqual([500, 200, 500, 200]);
  expect((await payments.outcomes()).filter((outcome) => outcome === 'authorize authorized')).toHaveLength(1);
});

test.each([
  ['no key', '', aCharge],
  ['a key without a step', 'chk_1', aCharge],
  ['two keys', `${KEY}, chk_2:payment-authorized`, aCharge],
  ['an amount of zero', KEY, { ...aCharge, amount: 0 }],
  ['a fraction', KEY, { ...aCharge, amount: 1.5 }],
  ['an amount in a string', KEY, { ...aCharge, amount: '3000' }],
  ['an amount past exact integers', KEY, { ...aCharge, amount: 2 ** 53 }],
  ['a currency of two letters', KEY, { ...aCharge, currency: 'US' }],
  ['an unknown field', KEY, { ...aCharge, tip: 1 }],
  ['no token', KEY, { amount: 1, currency: 'USD' }],
])('answers 400 and stores nothing for %s', async (_what, key, body) => {
  const payments = setup();

  const refused = await payments.authorize(body, key);

  expect(refused.status).toBe(400);
  expect(await payments.outcomes()).toEqual([]);
});
