import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { removeDetachedHome } from '../../../src/local/stack/detached-home';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) {
    removeDetachedHome(directory);
    rmSync(directory, { recursive: true, force: true });
  }
});

/** A directory that only its owner may enter, with a space in its name; removed when the test file has finished. */
export function aDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'stack test '));
  made.push(directory);
  return directory;
}
