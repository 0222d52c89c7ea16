import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildIdOf } from '../../src/deployment/build-id';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'build-id '));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function bundle(name: string, content: string): Promise<string> {
  const file = path.join(directory, name);
  writeFileSync(file, content);
  return buildIdOf(file);
}

const map = (sources: string) => `\n//# sourceMappingURL=data:application/json;base64,${btoa(sources)}`;

test('gives the same code the same build id wherever it was built', async () => {
  const here = await bundle('here.js', `const step = 1;${map('/here/checkout.ts')}`);
  const there = await bundle('there.js', `const step = 1;${map('/there/checkout.ts')}`);

  expect(here).toBe(there);
  expect(here).toMatch(/^[0-9a-f]{12}$/);
});

test('gives other code another build id, with and without a source map', async () => {
  const ids = await Promise.all([
    bundle('one.js', `const step = 1;${map('a')}`),
    bundle('two.js', `const step = 2;${map('a')}`),
    bundle('bare.js', 'const step = 3;'),
  ]);

  expect(new Set(ids).size).toBe(3);
});
