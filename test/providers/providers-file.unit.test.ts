import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lent } from '../../src/adapters/adapter';
import { openPorts } from '../../src/providers/open-ports';
import { readProvidersFile } from '../../src/providers/read-file';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'providers-'));
  writeFileSync(path.join(folder, 'key'), 'whsec_dGhlIHNlY3JldCBvZiB0aGUgcHJvdmlkZXI=\n');
  writeFileSync(path.join(folder, 'empty'), '\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const FROM = { name: 'Shop', line1: '1 Dock Rd', city: 'London', postalCode: 'E16 2QU', country: 'GB' };
const environment = {
  SHORT: 'whsec_c2hvcnQgc2VjcmV0',
  SIGNING: 'whsec_dGhlIHNlY3JldCBvZiB0aGUgcHJvdmlkZXI=',
  EMPTY: '',
};
const url = 'https://pay.example.com';

async function opened(content: unknown) {
  const file = path.join(folder, 'providers.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const entries = await readProvidersFile(file);
  return openPorts(entries, { file, environment, lent: {} as Lent });
}

const refusal = (content: unknown): Promise<string> =>
  opened(content).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
const payments = (entry: unknown) => ({ default: { payments: entry } });

test.each([
  ['an environment variable', { env: 'SIGNING' }],
  ['a file beside it', { file: 'key' }],
])('takes a secret from %s', async (_what, secret) => {
  expect(await refusal(payments({ adapter: 'http', url, secret }))).toBe('accepted');
});

test.each<[string, unknown, string]>([
  ['no JSON', '{\n  "default": {},\n}', 'it is not valid JSON: see line 3, column 1'],
  ['half a file', '{"default": ', 'it is not valid JSON: see line 1, column 13'],
  ['a list', [], 'the file: expected object'],
  ['a misspelt member', { defaults: {} }, 'defaults: is not known here; it may be default, tenants'],
  [
    'an unknown role',
    { default: { paymnets: {} } },
    'default.paymnets: is not known here; it may be payments, inventory, warehouse, ',
  ],
  [
    'a tenant that cannot be',
    { tenants: { 'Globex Inc': {} } },
    'tenants.Globex Inc: is not known here; a name is that of',
  ],
  ['no adapter', payments({ url }), 'default.payments.adapter: is missing; it must be the name of an adapter'],
  [
    'no secret',
    payments({ adapter: 'http', url }),
    'default.payments.secret: is missing: name it with { "env": "NAME" }',
  ],
  [
    'a short secret',
    payments({ adapter: 'http', url, secret: { env: 'SHORT' } }),
    'default.payments.secret: must be `whsec_` and at least 24 random bytes in base64',
  ],
  [
    'a country by name',
    { default: { carrier: { adapter: 'own-label', from: { ...FROM, country: 'England' } } } },
    'default.carrier.from.country: must be a country code of two letters, such as GB',
  ],
  [
    'a font that is not there',
    { default: { carrier: { adapter: 'own-label', from: FROM, fonts: ['/nope.ttf'] } } },
    'default.carrier: the font /nope.ttf in `fonts` cannot be used: ENOENT',
  ],
  [
    'a locale without templates',
    {
      default: {
        mail: { adapter: 'smtp', host: 'localhost', port: 25, secure: false, from: 'a@b.example', locale: 'fr' },
      },
    },
    'default.mail: there is no locale fr; there are de, en in ',
  ],
  ['an unknown adapter', payments({ adapter: 'hpp' }), 'default.payments.adapter: payments has no such adapter'],
  ["another role's adapter", payments({ adapter: 'smtp' }), 'default.payments.adapter: payments has no such adapter'],
  ['a member of every object', payments({ adapter: 'constructor' }), 'payments has no such adapter'],
  [
    'a misspelt setting',
    payments({ adapter: 'http', url, secret: { env: 'SIGNING' }, timeout: 1 }),
    'default.payments.timeout: is not known here; it may be url, secret, adapter, account, retired',
  ],
  [
    'a wrong address',
    { tenants: { acme: { payments: { adapter: 'http', url: 'ftp://x', secret: { env: 'SIGNING' } } } } },
    'tenants.acme.payments.url: must be an http or https address',
  ],
  [
    'two for new orders',
    payments([
      { adapter: 'sandbox', url },
      { adapter: 'http', url, secret: { env: 'SIGNING' } },
    ]),
    'default.payments: more than one is for new orders',
  ],
  [
    'two that cannot be told apart',
    payments([
      { adapter: 'sandbox', url },
      { adapter: 'sandbox', url, retired: true },
    ]),
    'default.payments: two have the same adapter',
  ],
  [
    'an environment variable that is not set',
    payments({ adapter: 'http', url, secret: { env: 'EMPTY' } }),
    'default.payments.secret: the environment variable EMPTY is not set',
  ],
  [
    'a file that is not there',
    payments({ adapter: 'http', url, secret: { file: 'gone' } }),
    'default.payments.secret: the file gone cannot be read',
  ],
  [
    'an empty file',
    payments({ adapter: 'http', url, secret: { file: 'empty' } }),
    'default.payments.secret: the file empty is empty',
  ],
])('refuses %s', async (_what, content, sentence) => {
  expect(await refusal(content)).toContain(sentence);
});

test.each<[string, object]>([
  ['of an adapter in the box', { adapter: 'http', url, secret: 'hunter2hunter2' }],
  ["of a team's own adapter, by its name", { adapter: 'module:./own.mjs', apiKey: 'hunter2hunter2' }],
  ['deeper down', { adapter: 'module:./own.mjs', account: 'a', login: { client_secret: 'hunter2hunter2' } }],
  ['in an address', { adapter: 'sandbox', url: 'https://shop:hunter2hunter2@pay.example.com' }],
  ['with more than a reference', { adapter: 'http', url, secret: { env: 'SIGNING', password: 'hunter2hunter2' } }],
])('refuses a literal secret %s, without repeating it', async (_what, entry) => {
  const sentence = await refusal(payments(entry));

  expect(sentence).toMatch(/in this file/);
  expect(sentence).not.toContain('hunter2');
});

test('tells all mistakes at once, each with its place', async () => {
  const sentence = await refusal({
    default: { payments: { adapter: 'nobody' }, carrier: [{ adapter: 'sandbox', url }, { adapter: 1 }] },
    tenants: { acme: { mail: { adapter: 'http', url, secret: 'hunter2hunter2' } } },
  });

  expect(
    sentence
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(': ')[0]),
  ).toEqual(['tenants.acme.mail.secret', 'default.payments.adapter', 'default.carrier[1].adapter']);
});
