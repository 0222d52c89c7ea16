import { expect, test } from '@jest/globals';
import { Tally } from '../../../src/tools/verify/verdict';
import { aLog } from './sink-stories';

function gapsIn(...names: string[]): (string | null)[] {
  const tally = new Tally();
  aLog(names).check(tally);
  return tally.examples.map(({ checkoutId }) => checkoutId);
}

test('a log that numbers each order without a gap is as promised, also one that lost its oldest days', () => {
  expect(gapsIn('chk_1/1', 'chk_2/4', 'chk_1/2', 'chk_2/5')).toEqual([]);
});

test('a gap, a number that came twice and a number out of turn are found in the log already', () => {
  expect(gapsIn('chk_1/1', 'chk_1/3')).toEqual(['chk_1']);
  expect(gapsIn('chk_1/1', 'chk_1/1')).toEqual(['chk_1']);
  expect(gapsIn('chk_1/2', 'chk_1/1')).toEqual(['chk_1']);
});
