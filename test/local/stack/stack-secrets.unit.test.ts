import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseToken } from '../../../src/payloads/codec-server/token-guard';
import { parsePayloadKeys } from '../../../src/payloads/payload-keys';
import { sandboxSecretOf, stackSecrets } from '../../../src/local/stack/stack-secrets';
import { stackSettings } from '../../../src/local/stack/stack-settings';
import { readConfig } from '../../../src/runtime/config';
import { aDirectory } from './setup';

const OWN_KEY = `mine:${Buffer.alloc(32, 1).toString('base64')}`;
const settingsIn = (dataDir: string, overrides: object = {}) => ({
  ...stackSettings({ ...readConfig(), PAYLOAD_KEYS: '', CODEC_TOKEN: '', TEMPORAL_ADDRESS: '' }, {}),
  dataDir,
  ...overrides,
});

test('creates a key and a token at the first start, and finds them at the next', () => {
  const settings = settingsIn(aDirectory());

  const first = stackSecrets(settings);

  expect(stackSecrets(settings)).toEqual(first);
  expect(parsePayloadKeys(first.payloadKeys)).toHaveLength(1);
  expect(parseToken(first.codecToken)).toBe(first.codecToken);
});

test('another data directory has other secrets, under another key id', () => {
  const [one, other] = [stackSecrets(settingsIn(aDirectory())), stackSecrets(settingsIn(aDirectory()))];

  expect(one.codecToken).not.toBe(other.codecToken);
  expect(parsePayloadKeys(one.payloadKeys)[0]?.id).not.toBe(parsePayloadKeys(other.payloadKeys)[0]?.id);
});

test('only their owner can read them, and no copy is left behind', () => {
  const settings = settingsIn(aDirectory());
  stackSecrets(settings);

  expect(readdirSync(settings.dataDir)).toEqual(['secrets.json']);
  expect(statSync(path.join(settings.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('does not replace a damaged file, since a new key could not decrypt what the old one wrote', () => {
  const settings = settingsIn(aDirectory());
  const file = path.join(settings.dataDir, 'secrets.json');
  writeFileSync(file, '{"payloadKeys":');

  expect(() => stackSecrets(settings)).toThrow(`${file} cannot be read`);
  expect(readFileSync(file, 'utf8')).toBe('{"payloadKeys":');
});

test('the user’s own keys and token take precedence', () => {
  const settings = settingsIn(aDirectory(), { payloadKeys: OWN_KEY, codecToken: 'mine' });

  expect(stackSecrets(settings)).toEqual({ payloadKeys: OWN_KEY, codecToken: 'mine' });
});

test.each([
  ['encryption off', { payloadKeys: 'off' }, ''],
  ['an external Temporal, which other workers share', { temporalAddress: 'temporal:7233' }, ''],
  ['external Temporal and own keys', { temporalAddress: 'temporal:7233', payloadKeys: OWN_KEY }, OWN_KEY],
])('creates no key with %s', (_, overrides, payloadKeys) => {
  expect(stackSecrets(settingsIn(aDirectory(), overrides)).payloadKeys).toBe(payloadKeys);
});

test('parts that do not need the secrets do not inherit them', () => {
  const secrets = { PAYLOAD_KEYS: OWN_KEY, CODEC_TOKEN: 'mine', SANDBOX_SECRET: 'whsec_mine' };

  expect(stackSettings(readConfig(), { ...secrets, HOME: '/home/me' }).env).toMatchObject({
    ...{ PAYLOAD_KEYS: '', CODEC_TOKEN: '', SANDBOX_SECRET: '' },
    HOME: '/home/me',
  });
});

test('the sandbox has a new secret at each start, unless the user has set one', () => {
  const settings = settingsIn(aDirectory(), { sandboxSecret: '' });
  const [one, other] = [sandboxSecretOf(settings), sandboxSecretOf(settings)];

  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(other);
  expect(sandboxSecretOf({ ...settings, sandboxSecret: 'whsec_mine' })).toBe('whsec_mine');
});
