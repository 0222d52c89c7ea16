import { afterEach, expect, test } from '@jest/globals';
import { readConfig } from '../../src/runtime/config';

const before = process.env['ATTENTION_AFTER'];
afterEach(() => {
  if (before === undefined) delete process.env['ATTENTION_AFTER'];
  else process.env['ATTENTION_AFTER'] = before;
});

const attentionAfter = (text: string): string => {
  process.env['ATTENTION_AFTER'] = text;
  return readConfig().ATTENTION_AFTER;
};

test.each(['', '1s', '6s', '90s', '15m', '1h', '24h', '1440m', '86400s'])('accepts ATTENTION_AFTER=%j', (text) => {
  expect(attentionAfter(text)).toBe(text);
});

test.each([
  '1ms',
  '999ms',
  '1500ms',
  '0s',
  '25h',
  '86401s',
  '1441m',
  '999999h',
  '15',
  '15 m',
  '1.5h',
  '-1h',
  '1d',
  'm',
])('ATTENTION_AFTER=%s stops the process with a message that says which values are allowed', (text) => {
  expect(() => attentionAfter(text)).toThrow(
    'env/ATTENTION_AFTER must be between 1s and 24h, written like 6s, 15m or 1h',
  );
});
