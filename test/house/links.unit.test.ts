import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { inRoot, read } from './markdown-tables';

const ROOT = inRoot();
const pagesIn = (folder: string, recursive: boolean): string[] =>
  readdirSync(inRoot(folder), { recursive, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join(folder, file));
const PAGES = ['src', 'api', 'workflows', 'activities', 'test', 'docs']
  .flatMap((folder) => pagesIn(folder, true))
  .concat(pagesIn('.', false))
  .filter((page) => !page.includes('node_modules') && !page.includes('installed'));

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** `[text](target)`, pictures included, outside of blocks of code. */
const linksOf = (page: string): string[] =>
  [
    ...read(page)
      .replace(/^```[^]*?^```$/gm, '')
      .matchAll(/\]\(([^()\s]+)\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

test.each(PAGES)('every link of %s leads somewhere', (page) => {
  const broken = linksOf(page).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.relative(ROOT, path.resolve(inRoot(path.dirname(page)), file));
    if (!existsSync(inRoot(target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });

  expect(broken).toEqual([]);
});

test('the README leads to every page of docs/, and shows what the service removes within its first forty lines', () => {
  const lines = read('README.md').trimEnd().split('\n');

  expect(pagesIn('docs', false).filter((page) => !linksOf('README.md').includes(page))).toEqual([]);
  expect(lines.findIndex((line) => line.startsWith('!['))).toBeLessThan(40);
  expect(lines.length).toBeLessThanOrEqual(120);
});
