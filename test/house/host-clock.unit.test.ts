import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { inRoot, read } from './markdown-tables';

const HOST_CLOCK = /\bnew Date\(\s*\)|\bDate\.now\b|(?<!new )\bDate\(\s*\)/;
const EXPLAINED = /eslint-disable-next-line no-restricted-syntax -- \w+/;

const filesOf = (room: string) =>
  readdirSync(inRoot(room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${room}/${file}`);

test("every line that reads the host's clock says why it may", () => {
  const looks = ['src', 'activities', 'api'].flatMap(filesOf).flatMap((file) => {
    const lines = read(file).split('\n');
    return lines.flatMap((line, at) => (HOST_CLOCK.test(line) ? [{ file, line, before: lines[at - 1] }] : []));
  });

  expect(looks.length).toBeGreaterThan(0);
  expect(looks.filter(({ before = '' }) => !EXPLAINED.test(before))).toEqual([]);
});
