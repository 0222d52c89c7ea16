import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { announcement } from '../../../src/local/stack/announcement';

const STACK = {
  api: 'http://127.0.0.1:3000',
  temporal: '127.0.0.1:7233',
  temporalUi: 'http://127.0.0.1:8233',
  postgres: 'postgres://postgres:secret@127.0.0.1:5432/checkout',
  redis: null,
  sandbox: 'http://127.0.0.1:3001',
  sandboxSecret: 'whsec_canary',
  codec: 'http://127.0.0.1:8088/token/',
  pids: {},
};
const SETTINGS = {
  host: '127.0.0.1',
  port: 3000,
  sandboxPort: 3001,
  dataDir: '/data',
  cacheDir: '/cache',
  databaseUrl: '',
  workerPromote: 'new' as const,
  oneProcess: false,
  temporalAddress: '',
  temporalUi: '',
  temporalNamespace: 'default',
  redisUrl: '',
  payloadKeys: '',
  codecPort: 8088,
  codecOrigin: '',
  codecToken: '',
  sandboxSecret: '',
  providersFile: '',
  env: {},
};

test('prints a curl command that a shell can run', () => {
  const text = announcement(STACK, SETTINGS, 'order-1234');
  const command = /curl[\s\S]*?\}'/.exec(text)?.[0].replace('curl', 'printf "%s\\n"');

  const words = execFileSync('/bin/sh', ['-c', command ?? ''], { encoding: 'utf8' })
    .trim()
    .split('\n');

  expect(words).toContain('http://127.0.0.1:3000/v1/checkouts');
  expect(words).toContain('Idempotency-Key: order-1234');
  expect(JSON.parse(words.at(-1) ?? '')).toMatchObject({ shippingAddress: { line1: "12 St James's Sq" } });
});

test("links to that order's workflow, and shows no password", () => {
  const text = announcement(STACK, SETTINGS, 'order-1234');

  expect(text).toContain('http://127.0.0.1:8233/namespaces/default/workflows/checkout%2Facme%2Forder-1234');
  expect(text).not.toContain('secret');
  expect(text).not.toContain('canary');
});

test('offers no sandbox key with an external database', () => {
  const text = announcement({ ...STACK, temporalUi: null }, { ...SETTINGS, databaseUrl: STACK.postgres }, 'order-1234');

  expect(text).not.toContain('sk_sandbox');
});

test.each([
  ['embedded Web UI knows the codec server', STACK, '', `${STACK.codec} (the Web UI has it`],
  ['external Web UI has to be given its address', STACK, 'temporal:7233', `${STACK.codec} (paste it into your Web UI`],
  ['stack without keys says so', { ...STACK, codec: null }, '', 'off: payloads are not encrypted'],
])('the %s', (_, stack, temporalAddress, row) => {
  expect(announcement(stack, { ...SETTINGS, temporalAddress }, 'order-1234')).toContain(`Codec     ${row}`);
});
