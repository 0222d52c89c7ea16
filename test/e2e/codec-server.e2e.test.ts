import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { payloadCodec } from '../../src/payloads/payload-codec';
import { parsePayloadKeys } from '../../src/payloads/payload-keys';
import { aPayload } from '../runtime/setup';
import { RunningStack } from '../support/running-stack';

let stack: RunningStack;
let endpoint: string;
let webUi: string;
beforeAll(() => {
  stack = new RunningStack();
  endpoint = stack.file.codec ?? '';
  webUi = stack.file.temporalUi ?? '';
});
afterAll(() => stack.db.close());

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** As worker and API encrypt it. */
async function anEncryptedPayload() {
  const secrets = JSON.parse(readFileSync(path.join(stack.dataDir, 'secrets.json'), 'utf8')) as { payloadKeys: string };
  const workflow = { type: 'workflow', namespace: 'default', workflowId: 'checkout/acme/one' } as const;
  const [payload] = await payloadCodec(parsePayloadKeys(secrets.payloadKeys)).encode([aPayload()], workflow);
  const metadata = Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)] as const);
  return { metadata: Object.fromEntries(metadata), data: base64(payload?.data ?? new Uint8Array()) };
}

/** Like the Web UI's page. */
const decode = (url: string, origin: string, payloads: readonly object[]) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', origin },
    body: JSON.stringify({ payloads }),
  });

test('the Web UI knows the codec server, which decrypts what worker and API encrypted', async () => {
  const settings = (await (await fetch(`${webUi}/api/v1/settings`)).json()) as object;

  const response = await decode(`${endpoint}/decode`, webUi, [await anEncryptedPayload()]);

  expect(settings).toMatchObject({ Codec: { Endpoint: endpoint } });
  const { payloads } = (await response.json()) as { payloads: { data: string }[] };
  expect(payloads.map(({ data }) => data)).toEqual([base64(aPayload().data ?? new Uint8Array())]);
});

test("accepts the Web UI under the machine's other name", async () => {
  const response = await decode(`${endpoint}/decode`, webUi.replace('127.0.0.1', 'localhost'), []);

  expect(response.status).toBe(200);
});

test('refuses other pages and requests without the token, and listens on the loopback address only', async () => {
  const { origin, hostname } = new URL(endpoint);

  expect((await decode(`${endpoint}/decode`, 'http://evil.example', [])).status).toBe(403);
  expect((await decode(`${origin}/decode`, webUi, [])).status).toBe(401);
  expect(hostname).toBe('127.0.0.1');
});

test('only their owner can read keys and token', () => {
  const modes = ['secrets.json', 'stack.json'].map((name) => statSync(path.join(stack.dataDir, name)).mode & 0o777);

  expect(modes).toEqual([0o600, 0o600]);
});
