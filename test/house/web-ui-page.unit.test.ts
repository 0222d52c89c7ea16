import { readdirSync, statSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SEARCH_ATTRIBUTES } from '../../src/contract/search-attributes';
import { inRoot, read, rowsOf } from './markdown-tables';

test('docs/web-ui.md names every search attribute, and no other', () => {
  const named = rowsOf('docs/web-ui.md', 'search attribute').map(([name]) => name);

  expect(named.sort()).toEqual(SEARCH_ATTRIBUTES.map(({ name }) => name).sort());
});

test('docs/web-ui.md shows every screenshot with a description, and none is larger than 200 KB', () => {
  const shown = [...read('docs/web-ui.md').matchAll(/!\[.{40,}\]\((.+?)\)/g)].map(([, file]) => file ?? '');

  const taken = readdirSync(inRoot('.docs/web-ui')).map((name) => `../.docs/web-ui/${name}`);
  expect(shown.sort()).toEqual(taken.sort());
  for (const file of taken) expect(statSync(inRoot('docs', file)).size).toBeLessThan(200 * 1024);
});
