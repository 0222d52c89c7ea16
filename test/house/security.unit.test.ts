import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { inRoot, read, rowsOf } from './markdown-tables';

const shown = rowsOf('SECURITY.md', 'attack', 'what must happen', 'shown by');
const unshown = rowsOf('SECURITY.md', 'attack', 'why there is none');
/** Paths below `test/`, or scripts of package.json. */
const placesIn = (cell = '') => cell.split(', ').filter((place) => place !== '');

test.each(shown)('SECURITY.md, %s: the tests it names exist', (_attack, what, cell) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const isThere = (place: string) =>
    place.startsWith('npm run ') ? place.slice('npm run '.length) in scripts : existsSync(inRoot('test', place));

  expect(what).not.toBe('');
  expect(placesIn(cell)).not.toEqual([]);
  expect(placesIn(cell).filter((place) => !isThere(place))).toEqual([]);
});

test('each attack is in SECURITY.md once, and one without a test has a reason', () => {
  const attacks = [...shown, ...unshown].map(([attack]) => attack);

  expect(new Set(attacks).size).toBe(attacks.length);
  expect(attacks.length).toBeGreaterThan(40);
  expect(unshown.filter(([, why]) => why === '')).toEqual([]);
});

test('the README links to SECURITY.md', () => {
  expect(read('README.md')).toContain('[SECURITY.md](SECURITY.md)');
});
