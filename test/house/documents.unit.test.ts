import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { PROBLEMS } from '../../api/problem-codes';
import { PIVOT, STEPS } from '../../src/domain/steps';
import { inRoot, read, rowsOf } from './markdown-tables';

const foldersIn = (folder: string) =>
  readdirSync(inRoot(folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const ROOMS = [...foldersIn('src').map(({ name }) => `src/${name}`), 'workflows', 'activities', 'api', 'test'];

test('docs/http.md lists every problem code, with its status and title', () => {
  const listed = rowsOf('docs/http.md', 'status', 'code', 'title');

  const expected = Object.entries(PROBLEMS).map(([code, { status, title }]) => [String(status), code, title]);
  expect(listed).toEqual(expected);
});

test('the table of the saga has the seven steps in order, and names the pivot', () => {
  const saga = rowsOf('ARCHITECTURE.md', '#', 'step');

  expect(saga.map(([, step]) => step)).toEqual(STEPS);
  expect(read('ARCHITECTURE.md')).toContain(`Step ${STEPS.indexOf(PIVOT) + 1} is the pivot.`);
});

test('every room is on the map of ARCHITECTURE.md', () => {
  const onTheMap = rowsOf('ARCHITECTURE.md', 'room').map(([room]) => room);

  expect(onTheMap.sort()).toEqual(ROOMS.sort());
});

test.each([...ROOMS, 'src', 'api/plugins', 'api/routes'])('%s has a README of at most thirty lines', (room) => {
  const lines = read(`${room}/README.md`).trimEnd().split('\n');

  expect(lines.length).toBeLessThanOrEqual(30);
  expect(lines[0]).toMatch(/^# /);
});
