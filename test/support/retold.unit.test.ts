import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { MOST_RETOLD, reportRetold, RETOLD_FILE, tellAgain } from './retold';

const before = process.env[RETOLD_FILE];
let dir: string;
let file: string;
let warned: jest.SpiedFunction<typeof console.warn>;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'retold-'));
  file = path.join(dir, 'stories');
  process.env[RETOLD_FILE] = file;
  warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  warned.mockRestore();
  rmSync(dir, { recursive: true, force: true });
  if (before === undefined) delete process.env[RETOLD_FILE];
  else process.env[RETOLD_FILE] = before;
});

test('a run in which nothing was told again says nothing', () => {
  reportRetold(file);

  expect(warned).not.toHaveBeenCalled();
});

test('a few stories that were told again are named, and more of them turn the run red', () => {
  for (let story = 1; story <= MOST_RETOLD; story += 1) tellAgain(`story ${story}`, 'the server lost it');
  reportRetold(file);
  expect(warned).toHaveBeenLastCalledWith(expect.stringContaining('3 stories were told again:\n  story 1\n'));

  tellAgain('one more', 'the server lost it');
  expect(() => reportRetold(file)).toThrow('one more');
});
