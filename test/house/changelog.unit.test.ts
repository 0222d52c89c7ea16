import { expect, test } from '@jest/globals';
import { read } from './markdown-tables';

const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
const changelog = read('CHANGELOG.md');
const headings = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
const { version } = JSON.parse(read('package.json')) as { version: string };

test('the changelog begins with Unreleased, then the version of package.json with its date', () => {
  expect(headings[0]).toBe('[Unreleased]');
  expect(headings[1]).toMatch(new RegExp(`^\\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`));
});

test('package-lock.json has the version of package.json', () => {
  const lock = JSON.parse(read('package-lock.json')) as { version: string; packages: { '': { version: string } } };

  expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
});

test('the changelog groups changes as Keep a Changelog does, and has a link for each release', () => {
  const kinds = [...changelog.matchAll(/^### (.+)$/gm)].map(([, kind]) => kind);
  const linked = [...changelog.matchAll(/^\[(.+?)\]: /gm)].map(([, release]) => release);

  expect(kinds.filter((kind = '') => !KINDS.includes(kind))).toEqual([]);
  expect(linked).toEqual(
    headings.map((heading) => /\[(.+?)\]/.exec(heading)?.[1]?.replace('Unreleased', 'unreleased')),
  );
});
