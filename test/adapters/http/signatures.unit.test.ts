import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { newSecret, signatureHeaders } from '../../../src/webhooks/signature';
import { aDataDir, sandboxClient } from '../../support/sandbox';
import { everyCall } from './every-call';

const secret = newSecret();
const key = 'chk_1:payment-authorized';
const amount = { minor: 3000n, currency: 'USD' };
const MINUTE_MS = 60_000;
const app = buildSandbox({ dataDir: aDataDir(), secret });
let url: string;

beforeAll(async () => {
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterAll(() => app.close());

const payments = (settings: { secret?: string } = { secret }, now?: () => Date) =>
  HTTP_PORTS.payments({ url, ...settings }, now ? { now } : {});

test('signs every call with the secret of its provider', async () => {
  const settled = await Promise.allSettled(everyCall(url, { secret }));

  const refused = settled.filter((one) => one.status === 'rejected' && /401/.test(String(one.reason)));
  expect(settled.length).toBeGreaterThan(15);
  expect(refused).toEqual([]);
});

test('a provider with a secret takes no unsigned call, and none that is signed with another', async () => {
  const calls = [payments({}), payments({ secret: newSecret() })].map((port) => port.void({ key: 'chk_2:p' }));

  for (const failure of (await Promise.allSettled(calls)).map(
    (one) => (one as PromiseRejectedResult).reason as unknown,
  ))
    expect(failure).toMatchObject({ fault: 'refused-call', message: expect.stringContaining('status 401') });
  expect(await sandboxClient(app).journal('payments', 'chk_2')).toEqual([]);
});

test.each([-6, 6])('a call that is signed %i minutes off is refused', async (minutes) => {
  const call = payments({ secret }, () => new Date(Date.now() + minutes * MINUTE_MS)).void({ key: 'chk_3:p' });

  await expect(call).rejects.toMatchObject({ fault: 'refused-call' });
});

test.each([
  ['to another verb', '/provider/v1/payments/find', key, '{}'],
  ['to another role', '/provider/v1/carrier/void', key, '{}'],
  ['with another key', '/provider/v1/payments/void', 'chk_9:payment-authorized', '{}'],
  ['with another body', '/provider/v1/payments/void', key, '{ }'],
])('a recorded call is of no use %s: %s', async (_how, at, sentKey, payload) => {
  const recorded = signatureHeaders(secret, { id: `payments/void/${key}`, at: new Date(), body: '{}' });
  const headers = { ...recorded, 'content-type': 'application/json', 'idempotency-key': sentKey };

  const answer = await app.inject({ method: 'POST', url: at, headers, payload });

  expect(answer.statusCode).toBe(401);
});

test('finds out whether a provider is there without a signature', async () => {
  expect((await app.inject({ url: '/provider/v1/payments' })).statusCode).toBe(204);
  await expect(payments().find?.({ key: 'chk_4:p', amount })).resolves.toEqual({ outcome: 'unseen' });
});
