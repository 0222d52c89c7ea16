import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../src/local/stack/package-root';
import { MUTANTS } from './mutants/mutant';
import { noticedBy } from './mutants/trial';

const run = promisify(execFile);
const nothing = { promises: {}, ends: { completed: 5, refused: 1, cancelled: 1 }, differences: [] };
const verdict = { checked: 1, violations: 0, pending: 0, examples: [], unchecked: [], notes: [], details: {} };

test('has at least twelve mutants', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(12);
});

test.each(MUTANTS)('$name applies to the current code', async ({ file }) => {
  await expect(run('git', ['apply', '--check', file], { cwd: packageRoot() })).resolves.toBeDefined();
});

test.each(MUTANTS)(
  '$name names the promise that must notice it, and takes few orders',
  ({ bug, noticedBy: names, orders }) => {
    expect(bug).not.toBe('');
    expect(names.join(' ')).toMatch(/^P\d+( P\d+)*$/);
    expect(orders).toBeLessThanOrEqual(300);
  },
);

test('a run without violations notices nothing', () => {
  expect(noticedBy({ ...nothing, promises: { P5: verdict, P7: verdict } })).toEqual([]);
});

test('a violation, or something that never settles, is noticed by its promise', () => {
  const promises = { P5: { ...verdict, violations: 2 }, P7: { ...verdict, pending: 1 } };

  expect(noticedBy({ ...nothing, promises })).toEqual(['P5', 'P7']);
});

test('P3 notices a checkout that does not end, and P8 a wrong answer', () => {
  expect(noticedBy({ ...nothing, ends: { completed: 5, running: 1 } })).toEqual(['P3']);
  expect(noticedBy({ ...nothing, differences: ['a repeated request was accepted as new'] })).toEqual(['P8']);
});
