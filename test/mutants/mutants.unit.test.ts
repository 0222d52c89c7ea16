import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../src/local/stack/package-root';
import { MUTANTS } from './mutant';

const run = promisify(execFile);

test('every mutant applies to the current code', async () => {
  const stale: string[] = [];
  for (const { name, file } of MUTANTS) {
    await run('git', ['apply', '--check', file], { cwd: packageRoot() }).catch((error: Error) =>
      stale.push(`${name}: ${error.message}`),
    );
  }

  expect(stale).toEqual([]);
});

test('every mutant says which bug is back, and names a test file that exists', () => {
  expect(MUTANTS.filter(({ bug }) => bug === '').map(({ name }) => name)).toEqual([]);
  expect(
    MUTANTS.map(({ caughtBy }) => caughtBy).filter(
      (file) => !/\.(unit|int|e2e)\.test\.ts$/.test(file) || !existsSync(path.join(packageRoot(), file)),
    ),
  ).toEqual([]);
});

test('there are mutants', () => {
  expect(MUTANTS.length).toBeGreaterThan(0);
});
