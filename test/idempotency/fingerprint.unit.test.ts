import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escaped, spell } from '../../src/tools/conformance/json-spelling';
import { fingerprintOf } from '../../src/idempotency/fingerprint';
import { aRequest } from '../support/builders';

const fingerprintOfText = (text: string): string =>
  fingerprintOf({ operation: 'POST /v1/checkouts', version: 'v1', body: JSON.parse(text) as unknown }).toString('hex');

const aJsonValue = fc.jsonValue({ maxDepth: 4 });

test('gives the same fingerprint to bodies that differ in member order, white space, escapes or number format', () => {
  const spellings = fc.record({
    reversed: fc.boolean(),
    gap: fc.constantFrom('', ' ', '\n\t', '\r\n  '),
    number: fc.constantFrom(String, (value: number) => value.toExponential()),
    text: fc.constantFrom<(value: string) => string>(JSON.stringify, escaped),
  });
  fc.assert(
    fc.property(aJsonValue, spellings, (body, how) => {
      expect(fingerprintOfText(spell(body, how))).toBe(fingerprintOfText(JSON.stringify(body)));
    }),
  );
});

test.each([
  ['1', '1.0'],
  ['1', '1e0'],
  ['10', '1.0E+1'],
  ['0', '-0'],
  ['"/"', String.raw`"\/"`],
  ['"é"', String.raw`"\u00e9"`],
  ['"🛒"', String.raw`"\ud83d\uDED2"`],
])('takes %s and %s for the same', (one, other) => {
  expect(fingerprintOfText(one)).toBe(fingerprintOfText(other));
});

test.each([
  ['1', '"1"'],
  ['[1,2]', '[2,1]'],
  ['{}', '{"a":null}'],
  ['"é"', String.raw`"e\u0301"`],
  ['"a"', '"a "'],
])('takes %s and %s for different', (one, other) => {
  expect(fingerprintOfText(one)).not.toBe(fingerprintOfText(other));
});

test('gives another fingerprint to any other body', () => {
  const text = JSON.stringify(aRequest());
  fc.assert(
    fc.property(aJsonValue, (body) => {
      fc.pre(JSON.stringify(body) !== text);
      expect(fingerprintOfText(JSON.stringify(body))).not.toBe(fingerprintOfText(text));
    }),
  );
});
