import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { inRoot, read, rowsOf } from './markdown-tables';

const shown = rowsOf('SECURITY.md', 'attack', 'what must happen', 'shown by');
const unshown = rowsOf('SECURITY.md', 'attack', 'why there is none');
/** Below `test/`, or a script of package.json. */
const placesIn = (cell = '') => cell.split(', ').filter((place) => place !== '');

test.each(shown)('SECURITY.md, %s: what shows that it fails is there', (_attack, what, cell) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const isThere = (place: string) =>
    place.startsWith('npm run ') ? place.slice('npm run '.length) in scripts : existsSync(inRoot('test', place));

  expect(what).not.toBe('');
  expect(placesIn(cell)).not.toEqual([]);
  expect(placesIn(cell).filter((place) => !isThere(place))).toEqual([]);
});

test('each attack stands in SECURITY.md once, and one without a test has a reason', () => {
  const attacks = [...shown, ...unshown].map(([attack]) => attack);

  expect(new Set(attacks).size).toBe(attacks.length);
  expect(attacks.length).toBeGreaterThan(40);
  expect(unshown.filter(([, why]) => why === '')).toEqual([]);
});

test('the README says where to read about security', () => {
  expect(read('README.md')).toContain('[SECURITY.md](SECURITY.md)');
});
