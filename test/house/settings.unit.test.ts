import { expect, test } from '@jest/globals';
import { parseEnv } from 'node:util';
import { readConfig } from '../../src/runtime/config';
import { SETTINGS } from '../../src/runtime/settings/settings';
import { read, rowsOf } from './markdown-tables';
import { envExample, settingsPage } from './settings-documents';

const AGAIN = 'run `npm run docs:settings`';

test.each([
  ['docs/settings.md', settingsPage],
  ['.env.example', envExample],
])('%s matches the schema of the settings', (file, generated) => {
  expect({ [AGAIN]: read(file) }).toEqual({ [AGAIN]: generated() });
});

test('docs/settings.md has every setting once, with its type, its readers and what it does', () => {
  const rows = rowsOf('docs/settings.md', 'name', 'type', 'default', 'unit or form', 'read by', 'what it does');

  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(readConfig()).sort());
  for (const [, type, shown, , readers, what] of rows) expect([type, shown, readers, what]).not.toContain('');
});

test('a copy of .env.example changes nothing', () => {
  const defaults = Object.fromEntries(Object.entries(SETTINGS).map(([name, { default: value }]) => [name, `${value}`]));

  expect(parseEnv(read('.env.example'))).toEqual(defaults);
});
