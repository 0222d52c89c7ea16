import { expect, test } from '@jest/globals';
import { namesOfTexts } from '../../src/postgres/session';

/** The longest name that Postgres accepts. */
const LONGEST_NAME = 63;

test('two processes give the same statement the same name, in whatever order they meet it', () => {
  const [one, other] = [namesOfTexts(), namesOfTexts()];

  const ofOne = ['select 1', 'select 2'].map(one);
  const ofOther = ['select 2', 'select 1'].map(other).reverse();

  expect(ofOther).toEqual(ofOne);
  expect(new Set(ofOne).size).toBe(2);
  expect(ofOne.every(({ length }) => length <= LONGEST_NAME)).toBe(true);
});
