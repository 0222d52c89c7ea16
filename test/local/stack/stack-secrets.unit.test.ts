import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseToken } from '../../../src/payloads/codec-server/token-guard';
import { parsePayloadKeys } from '../../../src/payloads/payload-keys';
import { stackSecrets } from '../../../src/local/stack/stack-secrets';
import { stackSettings } from '../../../src/local/stack/stack-settings';
import { readConfig } from '../../../src/runtime/config';
import { aDirectory } from './setup';

const OWN_KEY = `mine:${Buffer.alloc(32, 1).toString('base64')}`;
const settingsIn = (dataDir: string, overrides: object = {}) => ({
  ...stackSettings({ ...readConfig(), PAYLOAD_KEYS: '', CODEC_TOKEN: '', TEMPORAL_ADDRESS: '' }, {}),
  dataDir,
  ...overrides,
});

test('the first start makes up a key and a token, and the next ones find them', () => {
  const settings = settingsIn(aDirectory());

  const first = stackSecrets(settings);

  expect(stackSecrets(settings)).toEqual(first);
  expect(parsePayloadKeys(first.payloadKeys)).toHaveLength(1);
  expect(parseToken(first.codecToken)).toBe(first.codecToken);
});

test('another data directory has others, under another key id', () => {
  const [one, other] = [stackSecrets(settingsIn(aDirectory())), stackSecrets(settingsIn(aDirectory()))];

  expect(one.codecToken).not.toBe(other.codecToken);
  expect(parsePayloadKeys(one.payloadKeys)[0]?.id).not.toBe(parsePayloadKeys(other.payloadKeys)[0]?.id);
});

test('only their owner may read them, and nothing else of them lies around', () => {
  const settings = settingsIn(aDirectory());
  stackSecrets(settings);

  expect(readdirSync(settings.dataDir)).toEqual(['secrets.json']);
  expect(statSync(path.join(settings.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('a damaged file is not taken for a first start: a new key would lose what the old one wrote', () => {
  const settings = settingsIn(aDirectory());
  const file = path.join(settings.dataDir, 'secrets.json');
  writeFileSync(file, '{"payloadKeys":');

  expect(() => stackSecrets(settings)).toThrow(`${file} cannot be read`);
  expect(readFileSync(file, 'utf8')).toBe('{"payloadKeys":');
});

test('the user’s own keys and token come first', () => {
  const settings = settingsIn(aDirectory(), { payloadKeys: OWN_KEY, codecToken: 'mine' });

  expect(stackSecrets(settings)).toEqual({ payloadKeys: OWN_KEY, codecToken: 'mine' });
});

test.each([
  ['off', { payloadKeys: 'off' }, ''],
  ['a Temporal of one’s own, which other workers share', { temporalAddress: 'temporal:7233' }, ''],
  ['both of one’s own', { temporalAddress: 'temporal:7233', payloadKeys: OWN_KEY }, OWN_KEY],
])('%s: no key is made up', (_, overrides, payloadKeys) => {
  expect(stackSecrets(settingsIn(aDirectory(), overrides)).payloadKeys).toBe(payloadKeys);
});

test('parts that need none of it do not inherit it', () => {
  const env = { PAYLOAD_KEYS: OWN_KEY, CODEC_TOKEN: 'mine', HOME: '/home/me' };

  expect(stackSettings(readConfig(), env).env).toMatchObject({ PAYLOAD_KEYS: '', CODEC_TOKEN: '', HOME: '/home/me' });
});
