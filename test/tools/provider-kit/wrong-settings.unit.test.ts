import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { kit } from './kit';

const FROM = { name: 'Shop', line1: '1 Dock Rd', city: 'London', postalCode: 'E16 2QU', country: 'GB' };
const OWN_LABEL = { default: { carrier: { adapter: 'own-label', from: FROM } } };
const SMTP = { host: '127.0.0.1', port: 25, secure: false, from: 'shop@shop.example' };
const NOBODY = 'postgres://nobody@127.0.0.1:1/nothing';

const { DATABASE_URL: before = '' } = process.env;
afterEach(() => void (process.env['DATABASE_URL'] = before));
const folder = mkdtemp(join(tmpdir(), 'providers '));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

async function triedWith(content: unknown, role: string, databaseUrl = '') {
  const file = join(await folder, 'providers.json');
  await writeFile(file, JSON.stringify(content));
  process.env['DATABASE_URL'] = databaseUrl;
  return kit('--providers', file, '--role', role);
}

test.each([
  [
    'a literal secret',
    { payments: { adapter: 'http', url: 'http://127.0.0.1', secret: 'hunter2' } },
    'payments.secret',
  ],
  ['a misspelt role', { mial: { adapter: 'smtp' } }, 'mial'],
  ['a misspelt adapter', { mail: { adapter: 'smpt' } }, 'mail.adapter'],
  ['a module that is not there', { mail: { adapter: 'module:./none.mjs' } }, 'mail'],
])('%s in the file is one sentence with its place, exit 2, and no try', async (_mistake, roles, place) => {
  const { code, stdout, stderr } = await triedWith({ default: roles }, 'mail');

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^There is no provider to try: PROVIDERS_FILE .* cannot be used/);
  expect(stderr).toContain(`default.${place}: `);
  expect(stderr).not.toMatch(/^ +at |hunter2/m);
});

test('a file that is not there is a sentence, and with --json an object', async () => {
  const { code, stdout, stderr } = await kit('--providers', '/nowhere/providers.json', '--role', 'mail', '--json');

  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'nothing-to-try' });
  expect(stderr).toBe(
    'There is no provider to try: PROVIDERS_FILE (/nowhere/providers.json) cannot be read: ENOENT (nothing-to-try)\n',
  );
});

test.each([
  ['carrier', OWN_LABEL, '', 'set DATABASE_URL'],
  ['mail', { default: { mail: { adapter: 'smtp', ...SMTP } } }, '', 'set DATABASE_URL'],
  ['carrier', OWN_LABEL, NOBODY, 'The database of DATABASE_URL cannot be used: '],
])('%s: an adapter that keeps its keys names DATABASE_URL before any try', async (role, content, url, says) => {
  const { code, stdout, stderr } = await triedWith(content, role, url);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(says);
});

test('an adapter that keeps nothing needs no database', async () => {
  const { code, stdout } = await triedWith({ default: { loyalty: { adapter: 'postgres' } } }, 'loyalty');

  expect(code).toBe(0);
  expect(stdout).toContain('it writes in the transaction of its step');
});
