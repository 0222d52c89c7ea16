import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { parsePayloadKeys } from '../../src/payloads/payload-keys';
import { aKeyEntry } from '../runtime/setup';

test('reads keys in order, with spaces between them or in the URL-safe alphabet', () => {
  const urlSafe = `url:${Buffer.alloc(32, 0xff).toString('base64url')}`;

  const keys = parsePayloadKeys(`${aKeyEntry('2026-11')}, ${aKeyEntry('2025.a_b')},${urlSafe}`);

  expect(keys.map(({ id }) => id)).toEqual(['2026-11', '2025.a_b', 'url']);
  expect(keys.map(({ secret }) => secret.symmetricKeySize)).toEqual([32, 32, 32]);
});

test.each(['', 'off'])('%j means no keys', (text) => {
  expect(parsePayloadKeys(text)).toEqual([]);
});

test.each([
  [
    'sixteen bytes',
    `old:${randomBytes(16).toString('base64')}`,
    'The key "old" of PAYLOAD_KEYS has 16 bytes instead of 32',
  ],
  ['no id', randomBytes(32).toString('base64'), 'Entry 1 of PAYLOAD_KEYS is not a key'],
  ['an id with a space', aKeyEntry('a b'), 'Entry 1 of PAYLOAD_KEYS is not a key'],
  ['a comma at the end', `${aKeyEntry('one')},`, 'Entry 2 of PAYLOAD_KEYS is not a key'],
  ['no base64', `one:${'!'.repeat(44)}`, 'Entry 1 of PAYLOAD_KEYS is not a key'],
])('with %s, says which entry is wrong and how to make a key, and shows no key', (_, text, sentence) => {
  const message = messageOf(() => parsePayloadKeys(text));

  expect(message).toContain(sentence);
  expect(message).toContain('openssl rand -base64 32');
  expect(message).not.toContain(text.split(':').at(-1));
});

test('refuses two keys with the same id', () => {
  const message = messageOf(() => parsePayloadKeys(`${aKeyEntry('one')},${aKeyEntry('one')}`));

  expect(message).toBe('PAYLOAD_KEYS has two keys with the id "one": give the newer one another id');
});

test('a logged key shows nothing of its secret', () => {
  const entry = aKeyEntry('one');
  const [, base64 = ''] = entry.split(':');
  const shown = inspect(parsePayloadKeys(entry), { depth: 9, showHidden: true });

  expect(shown).not.toContain(base64);
  expect(JSON.stringify(parsePayloadKeys(entry))).toBe('[{"id":"one","secret":{}}]');
});

function messageOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}
