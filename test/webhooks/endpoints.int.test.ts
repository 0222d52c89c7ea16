import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import type { Database, Queryable } from '../../src/postgres/database';
import { EndpointDirectory } from '../../src/webhooks/endpoint-directory';
import { webhookEndpoints } from '../../src/webhooks/endpoints';
import { createTestDatabase } from '../support/template-database';
import type { TestDatabase } from '../support/template-database';
import { attacks, resolve } from './attacks';

/** Each on a connection of its own. */
const AT_ONCE = 20;

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { connections: AT_ONCE, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

let tenants = 0;
function setup() {
  const tenant = `tenant-${(tenants += 1)}`;
  const endpoints = webhookEndpoints(db, { allowPrivate: false, resolve });
  const create = async (url = 'https://shop.example/hooks') => {
    const creation = await endpoints.create(tenant, url);
    if (!('endpoint' in creation)) throw new Error(`Not created: ${creation.outcome}`);
    return { ...creation.endpoint, outcome: creation.outcome };
  };
  const clock = { now: 0, queries: 0 };
  const counting: Queryable = {
    query: (...statement) => {
      clock.queries += 1;
      return db.query(...statement);
    },
  };
  const directory = new EndpointDirectory(counting, () => clock.now);
  return { tenant, endpoints, create, clock, directory };
}

describe('an endpoint', () => {
  test('created twice, or twenty times concurrently, is one with one secret', async () => {
    const { create, endpoints, tenant } = setup();

    const created = await Promise.all(Array.from({ length: AT_ONCE }, () => create()));
    const again = await create('HTTPS://SHOP.EXAMPLE:443/hooks#anchor');

    expect(new Set([...created, again].map(({ id, secret }) => `${id} ${secret}`)).size).toBe(1);
    expect(created.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(again.outcome).toBe('found');
    expect(await endpoints.list(tenant)).toHaveLength(1);
  });

  test('has an id and a secret of 32 random bytes of its own', async () => {
    const [one, other] = [await setup().create(), await setup().create()];

    expect(one.id).toMatch(/^whe_[0-9a-f]{32}$/);
    expect(one.secret).toMatch(/^whsec_/);
    expect(Buffer.from(one.secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect([other.id, other.secret]).not.toEqual([one.id, one.secret]);
  });

  test.each(attacks())('is not created for %s', async (_attack, url) => {
    const { endpoints, tenant } = setup();

    expect(await endpoints.create(tenant, url)).toMatchObject({ outcome: 'refused' });
    expect(await endpoints.list(tenant)).toEqual([]);
  });

  test('cannot be seen or deleted by another tenant', async () => {
    const { create, endpoints, tenant } = setup();
    const { id } = await create();

    expect(await endpoints.find('somebody-else', id)).toBeUndefined();
    expect(await endpoints.remove('somebody-else', id)).toBe(false);
    expect(await endpoints.find(tenant, id)).toMatchObject({ id });
    expect([await endpoints.remove(tenant, id), await endpoints.remove(tenant, id)]).toEqual([true, false]);
  });

  test('number 21 is refused, while number 1 is still found', async () => {
    const { create, endpoints, tenant } = setup();
    for (let at = 1; at <= 20; at += 1) await create(`https://shop.example/${at}`);

    expect(await endpoints.create(tenant, 'https://shop.example/21')).toEqual({ outcome: 'too-many' });
    expect((await create('https://shop.example/1')).outcome).toBe('found');
  });
});

describe('the directory', () => {
  test('queries once in five seconds, even for a tenant without endpoints', async () => {
    const { directory, tenant, clock, create } = setup();

    const [none] = await Promise.all([directory.enabledOf(tenant), directory.enabledOf(tenant)]);
    const { id } = await create();
    clock.now += 4_999;
    const still = await directory.enabledOf(tenant);
    const queries = clock.queries;
    clock.now += 1;
    const then = await directory.enabledOf(tenant);

    expect([none, still, queries]).toEqual([[], [], 1]);
    expect(then).toMatchObject([{ id }]);
  });

  test('forgets a disabled endpoint immediately, and has it back with its secret when it is created again', async () => {
    const { directory, tenant, create, endpoints, clock } = setup();
    const { id, secret } = await create();
    await directory.enabledOf(tenant);

    await directory.disable(tenant, id, 'It answered 410 Gone.');

    expect(await directory.enabledOf(tenant)).toEqual([]);
    expect(await endpoints.find(tenant, id)).toMatchObject({ disabledWhy: 'It answered 410 Gone.' });
    expect(await create()).toMatchObject({ outcome: 'found', id, secret, disabledAt: null, disabledWhy: null });
    clock.now += 5_000;
    expect(await directory.enabledOf(tenant)).toMatchObject([{ id }]);
  });

  test('does not cache a failed query', async () => {
    const { directory, tenant, clock } = setup();
    await db.query(`alter table webhook_endpoints rename to webhook_endpoints_away`);
    const asked = directory.enabledOf(tenant);
    await expect(asked).rejects.toThrow('does not exist');
    await db.query(`alter table webhook_endpoints_away rename to webhook_endpoints`);

    expect(await directory.enabledOf(tenant)).toEqual([]);
    expect(clock.queries).toBe(2);
  });
});
