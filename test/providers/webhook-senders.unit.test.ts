import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

  const role = 'warehouse';
  expect(senders).toEqual(
    expect.arrayContaining([
      { source: '-', role, choice: 'http', secret: environment.EVERYBODY },
      { source: '-', role, choice: 'http old', secret: environment.EVERYBODY },
      { source: 'acme', role, choice: 'http acme', secret: environment.ACME },
    ]),
  );
  expect(senders).toHaveLength(3);
});

test('a provider without a secret, and roles that have nothing to write, may not', async () => {
  const { secret: _, ...unsigned } = http('EVERYBODY');

  expect(await sendersOf({ default: { warehouse: unsigned, carrier: http('EVERYBODY') } })).toEqual([]);
});

test('without a file nobody may write', async () => {
  expect(await webhookSenders({ file: '', environment, sandbox: undefined })).toEqual([]);
  expect(await webhookSenders({ file: '', environment, sandbox: { url: 'http://127.0.0.1:1' } })).toEqual([]);
});

test('the sandbox may write if it has a secret', async () => {
  const secret = environment.EVERYBODY;
  const senders = await webhookSenders({ file: '', environment, sandbox: { url: 'http://127.0.0.1:1', secret } });

  expect(senders).toEqual([{ source: '-', role: 'warehouse', choice: 'sandbox', secret }]);
});

test('a secret that cannot be found stops the start with its place in the file', async () => {
  await expect(sendersOf({ default: { warehouse: http('EVERYBODY') } }, {})).rejects.toThrow(
    'default.warehouse.secret: the environment variable EVERYBODY is not set',
  );
});
