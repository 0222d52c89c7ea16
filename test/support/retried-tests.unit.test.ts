import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { MAX_RETRIED, recordRetry, reportRetries, RETRIED_FILE } from './retried-tests';

const before = process.env[RETRIED_FILE];
let dir: string;
let file: string;
let warned: jest.SpiedFunction<typeof console.warn>;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'retried-'));
  file = path.join(dir, 'tests');
  process.env[RETRIED_FILE] = file;
  warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  warned.mockRestore();
  rmSync(dir, { recursive: true, force: true });
  if (before === undefined) delete process.env[RETRIED_FILE];
  else process.env[RETRIED_FILE] = before;
});

test('reports nothing when no test was retried', () => {
  reportRetries(file);

  expect(warned).not.toHaveBeenCalled();
});

test('lists a few retried tests, and fails the run when there are more', () => {
  for (let each = 1; each <= MAX_RETRIED; each += 1) recordRetry(`test ${each}`, 'the server lost it');
  reportRetries(file);
  expect(warned).toHaveBeenLastCalledWith(expect.stringContaining('Tests that were retried: 3\n  test 1\n'));

  recordRetry('one more', 'the server lost it');
  expect(() => reportRetries(file)).toThrow('one more');
});
