import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import { canBeUsed, providerStandings } from '../../src/providers/standings';
import type { Standing } from '../../src/providers/standings';
import { createTestDatabase } from '../support/template-database';
import { faultyProvider, SECRET } from '../tools/provider-kit/faults/faulty-provider';

const database = createTestDatabase();
const db = database.then(({ url }) => openDatabase(url, { connections: 2, onIdleError: () => undefined }));
const folder = mkdtemp(join(tmpdir(), 'standings '));
afterAll(async () => {
  await (await db).close();
  await (await database).drop();
  await rm(await folder, { recursive: true, force: true });
});

/** What is known with this file, by tenant and role. */
async function setup(content: object) {
  const file = join(await folder, `${randomUUID()}.json`);
  await writeFile(file, JSON.stringify(content));
  const environment = { PAYMENTS_SECRET: SECRET };
  const standings = await providerStandings({ file, sandbox: undefined, environment, lent: { db: await db } });
  const of = (tenant: string | null, role: string): Standing[] =>
    standings.filter((one) => one.tenant === tenant && one.role === role);
  return { standings, of };
}

const http = (url: string, more = {}) => ({ adapter: 'http', url, secret: { env: 'PAYMENTS_SECRET' }, ...more });

test('says who serves a role, and that it is there', async () => {
  const { url, close } = await faultyProvider();

  const { of } = await setup({ default: { payments: http(url) } });
  close();

  const [payments] = of(null, 'payments');
  expect(payments).toMatchObject({ adapter: 'http', reachable: true, why: null, breaker: 'closed', retired: false });
  expect(of(null, 'inventory')).toMatchObject([{ adapter: 'postgres', reachable: true }]);
});

test('a role that nothing serves, and a provider that is not there, cannot be used', async () => {
  const { url, close } = await faultyProvider('is not there');

  const { of } = await setup({ default: { payments: http(url) } });
  close();

  const [payments, mail] = [...of(null, 'payments'), ...of(null, 'mail')];
  expect(payments).toMatchObject({ adapter: 'http', reachable: false });
  expect(payments?.why).toContain('status 404');
  expect(mail).toMatchObject({ adapter: null, reachable: false, why: 'nothing serves this role' });
  expect([payments, mail].map((one) => one && canBeUsed(one))).toEqual([false, false]);
});

test('an adapter whose secret is missing says so, and the others are still asked', async () => {
  const { url, close } = await faultyProvider();

  const warehouse = { adapter: 'http', url, secret: { env: 'NOBODY_SET_IT' } };
  const { of } = await setup({ default: { payments: http(url), warehouse } });
  close();

  expect(of(null, 'warehouse')[0]?.why).toContain('default.warehouse.secret');
  expect(of(null, 'payments')).toMatchObject([{ reachable: true }]);
});

test("a tenant's own provider, and one that old orders still need, have rows of their own", async () => {
  const { url, close } = await faultyProvider();

  const { of } = await setup({
    default: { payments: http(url) },
    tenants: { globex: { payments: [http(url, { account: 'new' }), http(url, { retired: true })] } },
  });
  close();

  expect(of('globex', 'payments').map(({ adapter, retired }) => [adapter, retired])).toEqual([
    ['http new', false],
    ['http globex', true],
  ]);
  expect(of('globex', 'inventory')).toMatchObject([{ adapter: 'postgres' }]);
  expect(of(null, 'payments')).toMatchObject([{ adapter: 'http' }]);
});

test('shows the worst breaker of the last two minutes, and a provider behind an open one cannot be used', async () => {
  const { url, close } = await faultyProvider();
  const opened = `insert into provider_breakers (process, tenant, role, adapter, state, since) values ($1, $2, 'payments', 'http', $3, now())`;
  for (const state of ['closed', 'open', 'half-open']) await (await db).query(opened, [randomUUID(), 'acme', state]);

  const { of } = await setup({ default: { payments: http(url) }, tenants: { acme: {}, globex: {} } });
  close();

  const [everybodys] = of(null, 'payments');
  expect(everybodys).toMatchObject({ reachable: true, breaker: 'open', breakerSince: expect.any(String) });
  expect(everybodys && canBeUsed(everybodys)).toBe(false);
});
