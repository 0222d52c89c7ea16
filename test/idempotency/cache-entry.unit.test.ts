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

/** As somebody who knows the secret would: another version of this code. */
function signed(content: string): Buffer {
  const mac = createHmac('sha256', SECRET).update(JSON.stringify(NAME)).update(content).digest();
  return Buffer.concat([mac, Buffer.from(content)]);
}

test('what was sealed is opened to the byte', () => {
  expect(openEntry(SECRET, NAME, sealed)).toEqual(ENTRY);
});

test('whatever bytes there are, they are forged, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => openEntry(SECRET, NAME, Buffer.from(bytes)) === 'forged'),
    { numRuns: 2_000 },
  );
});

test('one bit that was changed, wherever it is, makes it forged', () => {
  for (let at = 0; at < sealed.length * 8; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at >> 3]! ^= 1 << (at & 7);
    expect(openEntry(SECRET, NAME, changed)).toBe('forged');
  }
});

test('another name, another secret, a cut and an addition make it forged', () => {
  const longer = `${NAME}${sealed.subarray(32, 33).toString()}`;
  expect(openEntry(SECRET, NAME.replace('acceptance', 'outcome'), sealed)).toBe('forged');
  expect(openEntry(SECRET, longer, Buffer.concat([sealed.subarray(0, 32), sealed.subarray(33)]))).toBe('forged');
  expect(openEntry(randomBytes(32), NAME, sealed)).toBe('forged');
  for (let length = 0; length < sealed.length; length += 1) {
    expect(openEntry(SECRET, NAME, sealed.subarray(0, length))).toBe('forged');
  }
  expect(openEntry(SECRET, NAME, Buffer.concat([sealed, Buffer.from('\n')]))).toBe('forged');
});

test('what is larger than any answer is not looked into, and not kept', () => {
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
])('an authentic entry that is none of this version is malformed: %j', (head) => {
  const content = `${typeof head === 'string' ? head : JSON.stringify(head)}\n{}`;

  expect(openEntry(SECRET, NAME, signed(content))).toBe('malformed');
  expect(openEntry(SECRET, NAME, signed(content.replace('\n', ' ')))).toBe('malformed');
});

test.each([
  ['a header of somebody else', { ...ENTRY.answer, headers: { ...ENTRY.answer.headers, 'set-cookie': 'a=b' } }],
  ['a status of ours that is not final', { ...ENTRY.answer, status: 503 }],
])('an answer with %s is not kept', (_what, answer) => {
  expect(sealEntry(SECRET, NAME, { ...ENTRY, answer })).toBeUndefined();
});
