import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { openDatabase } from '../../../src/postgres/database';
import { readConfig } from '../../../src/runtime/config';
import { showProviders } from '../../../src/tools/cli/show-providers';
import { read } from '../../house/markdown-tables';
import { listeningSandbox } from '../../support/sandbox';
import { createTestDatabase } from '../../support/template-database';
import { aScreen, shell } from './setup';

const SECRET = 'whsec_cHJvdmlkZXJzLWNvbW1hbmQtcHJvdmlkZXJzLWNvbQ==';
const FROM = { name: 'Shop', line1: '1 Dock Rd', city: 'London', postalCode: 'E16 2QU', country: 'GB' };
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1';

const database = createTestDatabase();
const db = database.then(({ url }) => openDatabase(url, { connections: 1, onIdleError: () => undefined }));
const sandbox = listeningSandbox({ secret: SECRET });
const folder = mkdtemp(join(tmpdir(), 'providers '));
beforeEach(async () => void (await (await db).query('delete from provider_breakers; delete from checkouts')));
afterAll(async () => {
  await (await sandbox).app.close();
  await (await db).close();
  await (await database).drop();
  await rm(await folder, { recursive: true, force: true });
});

const secret = { env: 'PROVIDER_SECRET' };
const http = async (more = {}) => ({ adapter: 'http', url: (await sandbox).baseUrl, secret, ...more });
const connected = async () => ({
  ...{ payments: await http(), warehouse: await http(), mail: await http() },
  carrier: { adapter: 'own-label', from: FROM },
});

async function providers(content: object, ...options: string[]) {
  const file = join(await folder, `${randomUUID()}.json`);
  await writeFile(file, JSON.stringify(content));
  const settings = { DATABASE_URL: (await database).url, SANDBOX_URL: '', PROVIDERS_FILE: file };
  return providersWith(settings, ...options);
}

async function providersWith(settings: object, ...options: string[]) {
  const [stdout, stderr] = [aScreen(), aScreen()];
  const { code } = await shell(['providers', ...options], {
    showProviders: (given) =>
      showProviders(given, { stdout, stderr }, { ...readConfig(), ...settings }, { PROVIDER_SECRET: SECRET }),
  });
  return { code, stdout: stdout.written(), stderr: stderr.written() };
}

async function breaker(role: string, state: string): Promise<void> {
  await (
    await db
  ).query(
    `insert into provider_breakers (process, tenant, role, adapter, state, since) values ($1, 'acme', $2, 'http', $3, now())`,
    [randomUUID(), role, state],
  );
}

async function anOrderAt(choices: object): Promise<void> {
  await (
    await db
  ).query(
    `insert into checkouts (id, tenant, idempotency_key, request, accepted_at, providers)
     values ($1, 'acme', $1, '{}', now(), $2)`,
    [`chk_${randomUUID().replaceAll('-', '')}`, JSON.stringify(choices)],
  );
}

const MINUTE = /\d{4}-\d\d-\d\d \d\d:\d\d/g;

/** What docs/providers.md shows that it prints. */
const SAMPLE = /^\$ npx durable-checkout providers\n([\s\S]*?)^```/m.exec(read('docs/providers.md'))?.[1] ?? '';

test('prints a row for each tenant and role, as docs/providers.md shows, and exits with 1 if one cannot be used', async () => {
  await breaker('warehouse', 'open');

  const { code, stdout, stderr } = await providers({
    default: { ...(await connected()), warehouse: await http({ url: NOWHERE }) },
    tenants: { globex: { mail: [await http({ account: 'eu' }), await http({ retired: true })] } },
  });

  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.replace(MINUTE, 'a minute')).toBe(SAMPLE.replace(MINUTE, 'a minute'));
});

test('exits with 0 if all can be used; --json prints one object', async () => {
  const { code, stdout, stderr } = await providers({ default: await connected() }, '--json');

  const { ok, providers: rows } = JSON.parse(stdout) as { ok: boolean; providers: Record<string, unknown>[] };
  expect({ code, ok, stderr }).toEqual({ code: 0, ok: true, stderr: '' });
  expect(rows.map(({ role, adapter, reachable }) => [role, adapter, reachable])).toEqual([
    ['payments', 'http', true],
    ['inventory', 'postgres', true],
    ['warehouse', 'http', true],
    ['mail', 'http', true],
    ['loyalty', 'postgres', true],
    ['carrier', 'own-label', null],
    ['pricing', 'catalog', true],
  ]);
  expect(rows[0]).toEqual({
    ...{ tenant: null, role: 'payments', adapter: 'http', retired: false },
    ...{ reachable: true, why: null, breaker: 'closed', breakerSince: null },
  });
});

test.each<[string, { mail?: object; carrier?: undefined }, RegExp]>([
  ['nothing serves a role', { carrier: undefined }, /carrier +none +NO +closed\n {4}nothing serves this role\n/],
  [
    'a secret is not there',
    { mail: { secret: { env: 'NOBODY_SET_IT' } } },
    /mail +http +NO .*\n {4}default\.mail\.secret: /,
  ],
  ['a provider is not there', { mail: { url: NOWHERE } }, /mail +http +NO .*\n {4}The provider gave no answer/],
])('exits with 1 if %s, and says why below its row', async (_what, { mail, ...others }, shown) => {
  const given = await connected();

  const { code, stdout } = await providers({ default: { ...given, mail: { ...given.mail, ...mail }, ...others } });

  expect(code).toBe(1);
  expect(stdout).toMatch(shown);
});

test('exits with 1 if a breaker is open, although the provider is there, and with 0 while it lets probes through', async () => {
  const given = { default: await connected() };
  await breaker('payments', 'half-open');
  const probing = await providers(given);
  await breaker('payments', 'open');
  const open = await providers(given);

  expect([probing.code, open.code]).toEqual([0, 1]);
  expect(probing.stdout).toMatch(/payments +http +yes +half-open since /);
  expect(open.stdout).toMatch(/payments +http +yes +open since /);
});

test('a file with mistakes is a line for each, which shows none of its secrets', async () => {
  const wrong = await http({ secret: SECRET });

  const { code, stdout, stderr } = await providers({ default: { mail: wrong, warehouse: wrong } });

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^PROVIDERS_FILE .* cannot be used:\n {2}default\.\w+\.secret: .*\n {2}default\.\w+\.secret: .*\n$/,
  );
  expect(stderr).not.toContain(SECRET);
});

test('takes the file, and the secret of the sandbox, from the running stack', async () => {
  const dataDir = join(await folder, randomUUID());
  const providersFile = join(dataDir, 'providers.json');
  await mkdir(dataDir);
  const signed = await http({ adapter: 'sandbox', secret: { env: 'SANDBOX_SECRET' } });
  await writeFile(providersFile, JSON.stringify({ default: { ...(await connected()), payments: signed } }));
  const stack = { postgres: (await database).url, sandbox: NOWHERE, sandboxSecret: SECRET, providersFile };
  await writeFile(join(dataDir, 'stack.json'), JSON.stringify(stack));
  const nothingSet = { DATABASE_URL: '', SANDBOX_URL: '', SANDBOX_SECRET: '', PROVIDERS_FILE: '', DATA_DIR: dataDir };

  const { code, stdout } = await providersWith(nothingSet);

  expect(stdout).toMatch(/payments +sandbox +yes/);
  expect(stdout).toMatch(/warehouse +http +yes/);
  expect(code).toBe(0);
});

test('shows what unfinished orders need and the file lacks, and exits with 1', async () => {
  await anOrderAt({ payments: 'http old', mail: 'http' });

  const { code, stdout } = await providers({ default: await connected() });

  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^acme +payments +http old \(retired\) +NO +closed\n {4}PROVIDERS_FILE lacks it, and 1 order began/m,
  );
});

test('without an address of Postgres, and without a running stack, it says what to set', async () => {
  const settings = { DATABASE_URL: '', DATA_DIR: await folder };

  const { code, stdout, stderr } = await providersWith(settings, '--json');

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'database-unknown' });
  expect(stderr).toContain('give DATABASE_URL');
});
