import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir, listeningSandbox, sandboxClient } from '../../support/sandbox';

const total = { amount: 3000, currency: 'USD' };
const lines = [{ sku: 'MUG-BLUE', quantity: 2 }];
const aMessage = { to: 'ada@example.com', orderId: 'chk_1', name: 'Ada', total, lines };
const address = { name: 'A', line1: 'B', city: 'C', postalCode: 'D', country: 'GB' };

function setup() {
  const app = buildSandbox({ dataDir: aDataDir() });
  const client = sandboxClient(app);
  return {
    ...client,
    app,
    send: (key = 'chk_1:s') => client.post('/provider/v1/mail/send-confirmation', key, aMessage),
    outcomes: async (provider = 'mail') => (await client.journal(provider)).map(({ outcome }) => outcome),
  };
}

test('fails before acting, as often as set, and counts it', async () => {
  const { faults, send, outcomes, fired } = setup();
  await faults([{ provider: 'mail', operation: 'send', kind: 'fail-before', times: 2 }]);

  const statuses = [await send(), await send(), await send()].map(({ status }) => status);

  expect(statuses).toEqual([503, 503, 200]);
  expect(await outcomes()).toEqual(['failed', 'failed', 'sent']);
  expect(await fired()).toEqual([2]);
});

test('affects only the provider, operation and keys that it names', async () => {
  const { faults, send, post } = setup();
  await faults([{ provider: 'mail', operation: 'send', kind: 'fail-before', key: 'chk_2' }]);

  const spared = await send('chk_1:s');
  const struck = await send('chk_22:s');
  const other = await post('/provider/v1/mail/send-cancellation', 'chk_2:s', {
    to: 'ada@example.com',
    orderId: 'chk_2',
  });

  expect([spared.status, struck.status, other.status]).toEqual([200, 503, 200]);
});

test('acts and then loses the answer, which a retry gets', async () => {
  const { app, baseUrl } = await listeningSandbox();
  const { faults, journal, fired } = sandboxClient(app);
  await faults([{ provider: 'mail', kind: 'lose-answer', times: 1 }]);
  const send = () =>
    fetch(`${baseUrl}/provider/v1/mail/send-confirmation`, {
      method: 'POST',
      headers: { 'idempotency-key': 'chk_1:s', 'content-type': 'application/json' },
      body: JSON.stringify(aMessage),
    });

  await expect(send()).rejects.toThrow('fetch failed');
  const retried = await send();

  expect(await retried.json()).toMatchObject({ outcome: 'sent' });
  expect((await journal('mail')).map(({ outcome }) => outcome)).toEqual(['sent', 'replayed']);
  expect(await fired()).toEqual([1]);
  await app.close();
});

test('waits before acting, so that an undo sent meanwhile wins', async () => {
  const { faults, send, post } = setup();
  await faults([{ provider: 'mail', operation: 'send', kind: 'slow', delayMs: 200 }]);

  const [late, undone] = await Promise.all([
    send(),
    post('/provider/v1/mail/send-cancellation', 'chk_1:s', { to: 'ada@example.com', orderId: 'chk_1' }),
  ]);

  expect(undone.body).toEqual({ outcome: 'closed' });
  expect(late.body).toEqual({ outcome: 'blocked' });
});

test('closes immediately while calls are slow, and they have not acted', async () => {
  const dataDir = aDataDir();
  const { app, baseUrl } = await listeningSandbox({ dataDir });
  await sandboxClient(app).faults([{ provider: 'mail', kind: 'slow', delayMs: 60_000 }]);
  const arrived = new Promise<void>((resolve) => app.server.once('request', () => resolve()));
  const call = fetch(`${baseUrl}/provider/v1/mail/send-confirmation`, {
    method: 'POST',
    headers: { 'idempotency-key': 'chk_1:s', 'content-type': 'application/json' },
    body: JSON.stringify(aMessage),
  }).then(
    ({ status }) => status,
    () => 500,
  );
  await arrived;

  await app.close();

  expect(await call).toBeGreaterThanOrEqual(500);
  expect(await sandboxClient(buildSandbox({ dataDir })).journal('mail')).toEqual([]);
});

test.each([
  ['payments', '/provider/v1/payments/authorize', { amount: 1, currency: 'USD', token: 'tok_visa' }, 'declined'],
  ['carrier', '/provider/v1/carrier/generate', { address, orderId: 'o', lines, value: total }, 'undeliverable'],
])('makes %s refuse for good, even after the switch is off', async (provider, url, body, outcome) => {
  const { app, faults, post } = setup();
  await faults([{ provider, kind: 'refuse' }]);

  const refused = await post(url, 'chk_1:s', body);
  await app.inject({ method: 'DELETE', url: '/faults' });
  const again = await post(url, 'chk_1:s', body);
  const next = await post(url, 'chk_2:s', body);

  expect(refused.body).toEqual({ outcome, reason: 'fault-switch' });
  expect(again).toEqual(refused);
  expect(next.body).not.toMatchObject({ outcome });
});

test('picks by seed and key, in whatever order the keys come', async () => {
  const keys = Array.from({ length: 200 }, (_, index) => `chk_${index}:s`);
  async function struck(seed: number, order: string[]): Promise<string[]> {
    const { faults, send } = setup();
    await faults([{ provider: 'mail', kind: 'fail-before', rate: 0.3 }], seed);
    const hit: string[] = [];
    for (const key of order) if ((await send(key)).status === 503) hit.push(key);
    return hit.sort();
  }

  const first = await struck(1, keys);

  expect(await struck(1, [...keys].reverse())).toEqual(first);
  expect(await struck(2, keys)).not.toEqual(first);
  expect(first.length).toBeGreaterThan(30);
  expect(first.length).toBeLessThan(90);
});

test.each([
  [422, { provider: 'bank', kind: 'fail-before' }],
  [422, { provider: 'mail', operation: 'sned', kind: 'fail-before' }],
  [422, { provider: 'mail', operation: 'send', kind: 'refuse' }],
  [422, { provider: 'mail', kind: 'slow' }],
  [422, { provider: 'mail', kind: 'fail-before', delayMs: 5 }],
  [400, { provider: 'mail', kind: 'explode' }],
  [400, { provider: 'mail', kind: 'fail-before', rate: 2 }],
  [400, { provider: 'mail', kind: 'fail-before', tmies: 2 }],
])('answers %i to a rule that could never apply: %j', async (status, rule) => {
  const { faults, fired } = setup();

  const refused = await faults([rule]);

  expect(refused.status).toBe(status);
  expect(await fired()).toEqual([]);
});
