import { expect, test } from '@jest/globals';
import { Tally } from '../../../src/tools/verify/verdict';
import { aLog } from './sink-records';

function gapsIn(...names: string[]): (string | null)[] {
  const tally = new Tally();
  aLog(names).check(tally);
  return tally.examples.map(({ checkoutId }) => checkoutId);
}

test('accepts a log that numbers each order without a gap, even without its oldest days', () => {
  expect(gapsIn('chk_1/1', 'chk_2/4', 'chk_1/2', 'chk_2/5')).toEqual([]);
});

test('finds gaps, repeated numbers and numbers out of order in the log itself', () => {
  expect(gapsIn('chk_1/1', 'chk_1/3')).toEqual(['chk_1']);
  expect(gapsIn('chk_1/1', 'chk_1/1')).toEqual(['chk_1']);
  expect(gapsIn('chk_1/2', 'chk_1/1')).toEqual(['chk_1']);
});
