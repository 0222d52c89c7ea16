import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApiKey } from '../../src/tenants/create-api-key';
import { digestOf } from '../../src/tenants/find-caller';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const get = (url: string, apiKey = 'sk_sandbox_acme') =>
  world.app.inject({ url, headers: { authorization: `Bearer ${apiKey}` } });

describe('a missing, short, unknown or revoked API key', () => {
  test('gets the same 401, byte for byte', async () => {
    const revoked = await createApiKey(world.db, { tenant: 'acme', scope: 'merchant' });
    await world.db.query(`update api_keys set revoked_at = now() where digest = $1`, [digestOf(revoked)]);
    const attempts = [{}, { authorization: 'Bearer x' }, { authorization: 'Basic abc' }].map((headers) => ({
      headers,
    }));
    const unknown = ['sk_sandbox_acm', 'sk_sandbox_acmee', revoked].map((key) => ({
      headers: { authorization: `Bearer ${key}` },
    }));

    const answers = await Promise.all(
      [...attempts, ...unknown].map(({ headers }) => world.app.inject({ url: '/v1/checkouts', headers })),
    );

    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });

  test('accepts a key it created, and stores only its digest', async () => {
    const apiKey = await createApiKey(world.db, { tenant: 'initech', scope: 'merchant' });

    expect((await get('/v1/checkouts', apiKey)).statusCode).toBe(200);
    const { rows } = await world.db.query<{ digest: Buffer }>(`select digest from api_keys where tenant = 'initech'`);
    expect(rows.map(({ digest }) => digest)).toEqual([digestOf(apiKey)]);
  });
});

describe("another tenant's checkout", () => {
  test('gets the same 404 as a checkout that does not exist', async () => {
    const mine = (await place(world.app, { key: aKey() })).json<{ id: string }>().id;

    const theirs = await get(`/v1/checkouts/${mine}`, 'sk_sandbox_globex');
    const nobodys = await get(`/v1/checkouts/chk_${'0'.repeat(32)}`, 'sk_sandbox_globex');

    expect((await get(`/v1/checkouts/${mine}`)).statusCode).toBe(200);
    expect(theirs.statusCode).toBe(404);
    expect(theirs.body).toBe(nobodys.body);
  });

  test('is listed for operators only', async () => {
    const mine = (await place(world.app, { key: aKey() })).json<{ id: string }>().id;

    expect((await get('/v1/checkouts', 'sk_sandbox_globex')).body).not.toContain(mine);
    expect((await get('/v1/checkouts', 'sk_sandbox_operator')).body).toContain(mine);
  });
});

test('forbids operators to place checkouts', async () => {
  const response = await place(world.app, { key: aKey(), apiKey: 'sk_sandbox_operator' });

  expect(response.statusCode).toBe(403);
  expect(response.json()).toMatchObject({ code: 'forbidden' });
});

test('pages of a list stay stable while checkouts are placed', async () => {
  const keys = Array.from({ length: 5 }, aKey);
  for (const key of keys) {
    world.clock.advance(10);
    await place(world.app, { key, apiKey: 'sk_sandbox_globex' });
  }

  const page = async (cursor: string | null) => {
    const url = `/v1/checkouts?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`;
    return (await get(url, 'sk_sandbox_globex')).json<{ checkouts: { id: string }[]; next: string | null }>();
  };
  const first = await page(null);
  world.clock.advance(10);
  await place(world.app, { key: aKey(), apiKey: 'sk_sandbox_globex' });
  const second = await page(first.next);
  const third = await page(second.next);

  const ids = [first, second, third].flatMap(({ checkouts }) => checkouts.map(({ id }) => id));
  expect(new Set(ids).size).toBe(5);
  expect(third.next).toBeNull();
});

test('refuses an invalid cursor and an invalid filter by field name', async () => {
  expect((await get('/v1/checkouts?cursor=abc')).json()).toMatchObject({ errors: [{ field: 'querystring.cursor' }] });
  expect((await get("/v1/checkouts?state=x'--")).json()).toMatchObject({ errors: [{ field: 'querystring.state' }] });
});

test('every route has an access rule, and only these routes are public', async () => {
  const open = ['/healthz', '/readyz', '/openapi.json', '/asyncapi.json', '/problems', '/problems/not-found'];
  const { paths } = (await world.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();

  for (const url of open) expect((await world.app.inject(url)).statusCode).toBe(200);
  const closed = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'));
  expect(closed.length).toBeGreaterThan(0);
  for (const [path, methods] of closed) {
    for (const method of Object.keys(methods) as ('get' | 'post')[]) {
      const url = path.replace('{role}', 'warehouse').replaceAll(/{\w+}/g, 'x');
      const answer = await world.app.inject({ method, url });
      expect([method, path, answer.statusCode]).toEqual([method, path, 401]);
    }
  }
  expect(() => world.app.get('/late', async () => '')).toThrow();
});

test('answers an unknown path with a problem', async () => {
  expect((await get('/nowhere')).json()).toMatchObject({ code: 'not-found', detail: 'There is no GET /nowhere.' });
});
