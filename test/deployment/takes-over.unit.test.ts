import { expect, test } from '@jest/globals';
import { shouldPromote } from '../../src/deployment/should-promote';
import type { Promote } from '../../src/deployment/should-promote';

const OTHER_IS_CURRENT = { isCurrent: false, wasCurrent: false, currentIsGone: false };

test.each<{ story: string; promote: Promote; standing: Partial<typeof OTHER_IS_CURRENT>; takes: boolean }>([
  { story: 'a new build takes over', promote: 'new', standing: {}, takes: true },
  { story: 'a build that has it needs nothing', promote: 'on', standing: { isCurrent: true }, takes: false },
  {
    story: 'a worker that crashed takes nothing back',
    promote: 'new',
    standing: { wasCurrent: true },
    takes: false,
  },
  { story: 'whoever is started deliberately does', promote: 'on', standing: { wasCurrent: true }, takes: true },
  {
    story: 'nobody is left of the build that replaced it',
    promote: 'new',
    standing: { wasCurrent: true, currentIsGone: true },
    takes: true,
  },
  {
    story: 'somebody else decides, and nobody is left',
    promote: 'off',
    standing: { currentIsGone: true },
    takes: false,
  },
  { story: 'somebody else decides', promote: 'off', standing: {}, takes: false },
])('$story: $takes', ({ promote, standing, takes }) => {
  expect(shouldPromote(promote, { ...OTHER_IS_CURRENT, ...standing })).toBe(takes);
});
