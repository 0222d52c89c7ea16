import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LARGEST_ENTRY_BYTES, openEntry, sealEntry } from '../../src/idempotency/cache-entry';
import { jsonAnswer } from '../../src/idempotency/stored-answer';

const SECRET = randomBytes(32);
const NAME = 'replay:sealed:here:acceptance:acme:POST /v1/checkouts:key-12345';
const ENTRY = {
  fingerprint: randomBytes(32),
  answer: jsonAnswer(202, { id: 'chk_1' }, { location: '/v1/checkouts/chk_1' }),
  until: 1_800_000_000_000,
};
const sealed = sealEntry(SECRET, NAME, ENTRY)!;

/** Signs content like someone who knows the secret: another version of this code. */
function signed(content: string): Buffer {
  const mac = createHmac('sha256', SECRET).update(JSON.stringify(NAME)).update(content).digest();
  return Buffer.concat([mac, Buffer.from(content)]);
}

test('opens what was sealed, to the byte', () => {
  expect(openEntry(SECRET, NAME, sealed)).toEqual(ENTRY);
});

test('calls any random bytes forged, and never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => openEntry(SECRET, NAME, Buffer.from(bytes)) === 'forged'),
    { numRuns: 2_000 },
  );
});

test('calls an entry forged if any one bit was changed', () => {
  for (let at = 0; at < sealed.length * 8; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at >> 3]! ^= 1 << (at & 7);
    expect(openEntry(SECRET, NAME, changed)).toBe('forged');
  }
});

test('calls an entry forged under another name or secret, and when it was cut or extended', () => {
  const longer = `${NAME}${sealed.subarray(32, 33).toString()}`;
  expect(openEntry(SECRET, NAME.replace('acceptance', 'outcome'), sealed)).toBe('forged');
  expect(openEntry(SECRET, longer, Buffer.concat([sealed.subarray(0, 32), sealed.subarray(33)]))).toBe('forged');
  expect(openEntry(randomBytes(32), NAME, sealed)).toBe('forged');
  for (let length = 0; length < sealed.length; length += 1) {
    expect(openEntry(SECRET, NAME, sealed.subarray(0, length))).toBe('forged');
  }
  expect(openEntry(SECRET, NAME, Buffer.concat([sealed, Buffer.from('\n')]))).toBe('forged');
});

test('neither opens nor keeps what is larger than any answer', () => {
  const body = Buffer.alloc(LARGEST_ENTRY_BYTES);

  expect(openEntry(SECRET, NAME, Buffer.concat([sealed, body]))).toBe('too-large');
  expect(sealEntry(SECRET, NAME, { ...ENTRY, answer: { ...ENTRY.answer, body } })).toBeUndefined();
});

const TYPE = { 'content-type': 'application/json; charset=utf-8' };
const GOOD = { until: ENTRY.until, fingerprint: ENTRY.fingerprint.toString('base64'), status: 202, headers: TYPE };

test.each([
  ...['', 'x', 'null', '[]', '42', '"x"', '{}'],
  ...[99, 101, 199, 500, 1e9, 202.5, '202', null, [202]].map((status) => ({ ...GOOD, status })),
  ...[null, 'x', [], {}, { 'content-type': 'text/html' }].map((headers) => ({ ...GOOD, headers })),
  { ...GOOD, headers: { ...TYPE, 'set-cookie': 'a=b' } },
  ...['//evil.example', 'https://evil.example', '/a\r\nset-cookie: a=b', '/ö', '/a b', 7, null].map((location) => ({
    ...GOOD,
    headers: { ...TYPE, location },
  })),
  ...[null, 'x', 1.5, undefined].map((until) => ({ ...GOOD, until })),
  ...[null, 7, 'AAAA', undefined].map((fingerprint) => ({ ...GOOD, fingerprint })),
])('calls an authentic entry of another version malformed: %j', (head) => {
  const content = `${typeof head === 'string' ? head : JSON.stringify(head)}\n{}`;

  expect(openEntry(SECRET, NAME, signed(content))).toBe('malformed');
  expect(openEntry(SECRET, NAME, signed(content.replace('\n', ' ')))).toBe('malformed');
});

test.each([
  ['an unknown header', { ...ENTRY.answer, headers: { ...ENTRY.answer.headers, 'set-cookie': 'a=b' } }],
  ['a status that is not final', { ...ENTRY.answer, status: 503 }],
])('does not keep an answer with %s', (_what, answer) => {
  expect(sealEntry(SECRET, NAME, { ...ENTRY, answer })).toBeUndefined();
});
