import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../src/local/stack/package-root';
import { THREATS } from './threats';

const read = (file: string) => readFileSync(path.join(packageRoot(), file), 'utf8');

/** The first argument of calls with more than one, which is how tests are written. */
const namesIn = (source: string): string[] =>
  [...source.matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)+)\1,/g)].map(([, , name = '']) => name.replaceAll('\\', ''));

test.each(THREATS)('$attack: the tests that show its failure exist', ({ shownBy }) => {
  const missing = Object.entries(shownBy).flatMap(([place, names]) => {
    const [, script] = /^script: (.+)$/.exec(place) ?? [];
    if (script !== undefined) {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
      return script in scripts ? [] : [place];
    }
    const there = namesIn(read(`test/${place}`));
    return names.filter((name) => !there.includes(name)).map((name) => `${place}: ${name}`);
  });

  expect(missing).toEqual([]);
  expect(Object.keys(shownBy)).not.toEqual([]);
});

test('has each row once', () => {
  expect(new Set(THREATS.map(({ attack }) => attack)).size).toBe(THREATS.length);
  expect(THREATS.length).toBeGreaterThanOrEqual(22);
});
