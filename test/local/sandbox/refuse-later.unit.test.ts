import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { newSecret } from '../../../src/webhooks/signature';
import { eventually } from '../../support/eventually';
import { aDataDir, listeningSandbox, sandboxClient } from '../../support/sandbox';
import type { SandboxClient } from '../../support/sandbox';
import { listeningApi } from './listening-api';

const secret = newSecret();
const dataDir = aDataDir();
let api: Awaited<ReturnType<typeof listeningApi>>;
let app: FastifyInstance;
let sandbox: SandboxClient;
let warehouse: ReturnType<typeof HTTP_PORTS.warehouse>;

beforeAll(async () => {
  api = await listeningApi(secret);
  const listening = await listeningSandbox({ dataDir, secret, apiUrl: api.apiUrl });
  app = listening.app;
  sandbox = sandboxClient(app);
  warehouse = HTTP_PORTS.warehouse({ url: listening.baseUrl, secret });
});
beforeEach(async () => {
  api.notices.length = 0;
  await sandbox.faults([{ provider: 'warehouse', kind: 'refuse-later' }]);
});
afterAll(async () => {
  await app.close();
  api.close();
});

const order = (key: string) => ({
  key,
  lines: [{ sku: 'MUG-BLUE', quantity: 1 }],
  address: { name: 'A', line1: 'B', city: 'C', postalCode: 'D', country: 'GB' },
});
const outcomesOf = async (key: string) =>
  (await sandbox.journal('warehouse', key)).map(({ operation, outcome }) => `${operation} ${outcome}`);
const REFUSED = { outcome: 'refused', reason: 'fault-switch' };

test('accepts, then refuses, and says so by a signed webhook', async () => {
  const key = 'chk_1:fulfillment-triggered';

  const answer = await warehouse.trigger(order(key));
  const notice = await eventually(() => api.notices.at(0));

  expect(answer).toMatchObject({ outcome: 'accepted', reference: expect.stringMatching(/^ful_/) });
  expect(notice).toMatchObject({
    path: '/v1/providers/-/warehouse/webhook',
    body: { type: 'warehouse.changed', key },
  });
  expect(await warehouse.find?.({ key })).toEqual(REFUSED);
  expect(await warehouse.trigger(order(key))).toEqual(REFUSED);
  expect(await outcomesOf(key)).toEqual(['fulfill accepted', 'fulfill refused', 'fulfill replayed']);
});

test('repeats the webhook until it is taken', async () => {
  api.answers.push(503, 404);

  await warehouse.trigger(order('chk_2:fulfillment-triggered'));
  await eventually(() => api.notices.at(2));

  expect(api.notices.map(({ status }) => status)).toEqual([503, 404, 200]);
});

test('has nothing to refuse when the order was cancelled first', async () => {
  const key = 'chk_3:fulfillment-triggered';
  await warehouse.trigger(order(key));

  await warehouse.cancel({ key });
  await warehouse.trigger(order('chk_4:fulfillment-triggered'));
  await eventually(() => api.notices.at(0));

  expect(api.notices).toMatchObject([{ body: { key: 'chk_4:fulfillment-triggered' } }]);
  expect(await outcomesOf(key)).toEqual(['fulfill accepted', 'cancel cancelled']);
});

test('remembers the refusal after a restart', async () => {
  const key = 'chk_5:fulfillment-triggered';
  await warehouse.trigger(order(key));
  await eventually(() => api.notices.at(0));

  const restarted = buildSandbox({ dataDir, secret });
  const url = await restarted.listen({ host: '127.0.0.1', port: 0 });

  expect(await HTTP_PORTS.warehouse({ url, secret }).find?.({ key })).toEqual(REFUSED);
  await restarted.close();
});

test('cannot be set where it would have no effect', async () => {
  const unsigned = sandboxClient(buildSandbox({ dataDir: aDataDir() }));

  const elsewhere = await sandbox.faults([{ provider: 'carrier', kind: 'refuse-later' }]);
  const withoutSecret = await unsigned.faults([{ provider: 'warehouse', kind: 'refuse-later' }]);

  expect([elsewhere.status, withoutSecret.status]).toEqual([422, 422]);
  expect(withoutSecret.body).toMatchObject({ message: expect.stringContaining('SANDBOX_SECRET') });
});
