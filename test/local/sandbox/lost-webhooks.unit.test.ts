import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import { newSecret } from '../../../src/webhooks/signature';
import { eventually } from '../../support/eventually';
import { listeningSandbox, sandboxClient } from '../../support/sandbox';
import type { SandboxClient } from '../../support/sandbox';
import { listeningApi } from './listening-api';

const secret = newSecret();
let api: Awaited<ReturnType<typeof listeningApi>>;
let app: FastifyInstance;
let sandbox: SandboxClient;
let payments: ReturnType<typeof HTTP_PORTS.payments>;

beforeAll(async () => {
  api = await listeningApi(secret);
  const listening = await listeningSandbox({ secret, apiUrl: api.apiUrl });
  app = listening.app;
  sandbox = sandboxClient(app);
  payments = HTTP_PORTS.payments({ url: listening.baseUrl, secret });
});
afterEach(() => void (api.notices.length = 0));
afterAll(async () => {
  await app.close();
  api.close();
});

/** The customers of these orders approve, one after the other. */
async function approved(...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const answer = await payments.authorize({ key, amount: { minor: 3000n, currency: 'USD' }, token: 'tok_3ds' });
    if (answer.outcome === 'customer-action') await fetch(`${answer.url}/approve`, { method: 'POST' });
  }
}

const rule = (kind: string, key: string, more = {}) => ({
  provider: 'payments',
  operation: 'webhook',
  kind,
  key,
  ...more,
});

test('a webhook can be lost', async () => {
  await sandbox.faults([rule('fail-before', 'chk_1')]);

  await approved('chk_1:s', 'chk_2:s');
  await eventually(() => api.notices.at(0));

  expect(api.notices).toMatchObject([{ body: { key: 'chk_2:s' } }]);
  expect(await sandbox.fired()).toEqual([1]);
});

test('a webhook can come twice, with the same id', async () => {
  await sandbox.faults([rule('lose-answer', 'chk_3', { times: 1 })]);

  await approved('chk_3:s');
  const [first, second] = await eventually(() => (api.notices.length === 2 ? api.notices : undefined));

  expect(second).toEqual(first);
});

test('a webhook can come late, after those of later payments', async () => {
  await sandbox.faults([rule('slow', 'chk_4', { delayMs: 500 })]);

  await approved('chk_4:s', 'chk_5:s');
  await eventually(() => (api.notices.length === 2 ? true : undefined));

  expect(api.notices).toMatchObject([{ body: { key: 'chk_5:s' } }, { body: { key: 'chk_4:s' } }]);
});

test('a fault of webhooks cannot be set where none is sent', async () => {
  const { app: unsigned } = await listeningSandbox();

  const withoutSecret = await sandboxClient(unsigned).faults([rule('fail-before', '')]);
  const elsewhere = await sandbox.faults([{ ...rule('fail-before', ''), provider: 'carrier' }]);
  await unsigned.close();

  expect([withoutSecret.status, elsewhere.status]).toEqual([422, 422]);
  expect(withoutSecret.body).toMatchObject({ message: expect.stringContaining('SANDBOX_SECRET') });
});
