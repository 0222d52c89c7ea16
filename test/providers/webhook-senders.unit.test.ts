import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { standardWebhooks } from '../../src/adapters/http/standard-webhooks';
import { webhookSenders } from '../../src/providers/webhook-senders';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'senders-'));
});
afterAll(() => rm(folder, { recursive: true }));

const environment = { EVERYBODY: 'whsec_ZXZlcnlib2R5', ACME: 'whsec_YWNtZQ==' };
const http = (name: string, more = {}) => ({
  ...{ adapter: 'http', url: 'http://127.0.0.1:1', secret: { env: name } },
  ...more,
});

async function sendersOf(content: object, known: Record<string, string> = environment) {
  const file = path.join(folder, 'providers.json');
  await writeFile(file, JSON.stringify(content));
  return webhookSenders({ file, environment: known, sandbox: undefined });
}

test('whoever has a secret may write, each for the orders that began at it', async () => {
  const senders = await sendersOf({
    default: { warehouse: [http('EVERYBODY'), http('EVERYBODY', { account: 'old', retired: true })] },
    tenants: { acme: { warehouse: http('ACME') } },
  });

  const common = { role: 'warehouse', webhooks: standardWebhooks };
  expect(senders).toEqual(
    expect.arrayContaining([
      { ...common, source: '-', choice: 'http', secret: environment.EVERYBODY },
      { ...common, source: '-', choice: 'http old', account: 'old', secret: environment.EVERYBODY },
      { ...common, source: 'acme', choice: 'http acme', secret: environment.ACME },
    ]),
  );
  expect(senders).toHaveLength(3);
});

test('a provider without a secret, and roles that have nothing to write, may not', async () => {
  const { secret: _, ...unsigned } = http('EVERYBODY');

  expect(await sendersOf({ default: { warehouse: unsigned, carrier: http('EVERYBODY') } })).toEqual([]);
});

test("a team's own adapter may be written to as the protocol says", async () => {
  const module = { adapter: 'module:./payments.mjs', secret: { env: 'ACME' }, apiKey: { env: 'NOT_FOR_THE_API' } };

  const senders = await sendersOf({ default: { payments: module } });

  expect(senders).toMatchObject([{ role: 'payments', choice: 'module:./payments.mjs', secret: environment.ACME }]);
});

test('without the library of its vendor no webhook could be read, so the file cannot be used', async () => {
  const stripe = { adapter: 'stripe', secretKey: { env: 'NOT_FOR_THE_API' }, webhookSecret: { env: 'ACME' } };
  expect(await sendersOf({ default: { payments: stripe } })).toMatchObject([{ role: 'payments', choice: 'stripe' }]);

  jest.doMock('stripe', () => {
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  });
  jest.resetModules();

  await expect(sendersOf({ default: { payments: stripe } })).rejects.toThrow(
    'default.payments: the adapter stripe needs the package `stripe`',
  );
});

test('without a file nobody may write', async () => {
  expect(await webhookSenders({ file: '', environment, sandbox: undefined })).toEqual([]);
  expect(await webhookSenders({ file: '', environment, sandbox: { url: 'http://127.0.0.1:1' } })).toEqual([]);
});

test('the sandbox may write if it has a secret', async () => {
  const secret = environment.EVERYBODY;
  const senders = await webhookSenders({ file: '', environment, sandbox: { url: 'http://127.0.0.1:1', secret } });

  const common = { source: '-', choice: 'sandbox', webhooks: standardWebhooks, secret };
  expect(senders).toEqual([
    { ...common, role: 'payments' },
    { ...common, role: 'warehouse' },
  ]);
});

test('a secret that cannot be found stops the start with its place in the file', async () => {
  await expect(sendersOf({ default: { warehouse: http('EVERYBODY') } }, {})).rejects.toThrow(
    'default.warehouse.secret: the environment variable EVERYBODY is not set',
  );
});
