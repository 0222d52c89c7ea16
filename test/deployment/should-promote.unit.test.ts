import { expect, test } from '@jest/globals';
import { shouldPromote } from '../../src/deployment/should-promote';
import type { Promote } from '../../src/deployment/should-promote';

const OTHER_IS_CURRENT = { isCurrent: false, wasCurrent: false, currentIsGone: false };

interface Row {
  readonly situation: string;
  readonly promote: Promote;
  readonly standing: Partial<typeof OTHER_IS_CURRENT>;
  readonly expected: boolean;
}

const ROWS: readonly Row[] = [
  { situation: 'its build is new', promote: 'new', standing: {}, expected: true },
  { situation: 'its build is already current', promote: 'on', standing: { isCurrent: true }, expected: false },
  { situation: 'its build was replaced', promote: 'new', standing: { wasCurrent: true }, expected: false },
  {
    situation: 'its build was replaced, and it is told to promote',
    promote: 'on',
    standing: { wasCurrent: true },
    expected: true,
  },
  {
    situation: 'its build was replaced by one without workers',
    promote: 'new',
    standing: { wasCurrent: true, currentIsGone: true },
    expected: true,
  },
  { situation: 'promotion is off', promote: 'off', standing: {}, expected: false },
  {
    situation: 'promotion is off, and the current build has no workers',
    promote: 'off',
    standing: { currentIsGone: true },
    expected: false,
  },
];

test.each(ROWS)('whether a worker promotes its build when $situation: $expected', ({ promote, standing, expected }) => {
  expect(shouldPromote(promote, { ...OTHER_IS_CURRENT, ...standing })).toBe(expected);
});
