import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createApiKey } from '../../src/tenants/create-api-key';
import { digestOf } from '../../src/tenants/find-caller';
import { aKey } from '../support/builders';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { codeOf, idOf } from '../api/setup';
import { documentedRoutes } from './documented-routes';
import type { DocumentedRoute } from './documented-routes';
import { calm } from './calm';

let world: ApiWorld;
let routes: readonly DocumentedRoute[];
beforeAll(async () => {
  world = await apiWorld();
  routes = await documentedRoutes(world.app);
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const call = ({ method, path }: DocumentedRoute, id: string, authorization: string) =>
  world.app.inject({
    method,
    url: path.replace('{id}', id),
    headers: { ...(authorization === '' ? {} : { authorization }), 'idempotency-key': aKey() },
    // Any body will do: a request without access is refused before its body is looked at.
    ...(method === 'POST' ? { payload: {} } : {}),
  });

const MERCHANT = 'Bearer sk_sandbox_acme';
const OTHER_TENANT = 'Bearer sk_sandbox_globex';
const forOperators = ({ path }: DocumentedRoute) => path.startsWith('/v1/ops/');
const signed = ({ path }: DocumentedRoute) => path.startsWith('/v1/providers/');
const guarded = () => routes.filter((route) => route.path.startsWith('/v1/') && !signed(route));

test('answers a merchant key with 403 on every operator route', async () => {
  const answers = await Promise.all(
    guarded()
      .filter(forOperators)
      .map((route) => call(route, 'chk_1', MERCHANT)),
  );

  expect(answers.length).toBeGreaterThanOrEqual(7);
  for (const answer of answers) expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'forbidden']);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
});

test('answers a missing, short, truncated, lengthened or revoked API key with the same 401 on every route', async () => {
  const revoked = await createApiKey(world.db, { tenant: 'acme', scope: 'operator' });
  await world.db.query(`update api_keys set revoked_at = now() where digest = $1`, [digestOf(revoked)]);
  const good = await createApiKey(world.db, { tenant: 'acme', scope: 'operator' });
  const keys = ['x', good.slice(0, -1), `${good}x`, good.toUpperCase(), revoked, `${good} `, `${good}, ${good}`];
  const attempts = ['', `bearer ${good}`, good, `Basic ${btoa(`${good}:`)}`, ...keys.map((key) => `Bearer ${key}`)];

  const answers = await Promise.all(
    guarded().flatMap((route) => attempts.map((attempt) => call(route, 'chk_1', attempt))),
  );

  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(new Set(answers.map(({ headers }) => headers['www-authenticate']))).toEqual(new Set(['Bearer']));
});

describe("another tenant's", () => {
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    ids['checkouts'] = idOf(await place(world.app, { key: aKey() }));
    const payload = { url: 'https://93.184.216.34/hooks' };
    const headers = { authorization: MERCHANT };
    ids['webhooks'] = idOf(await world.app.inject({ method: 'POST', url: '/v1/webhooks', headers, payload }));
  });

  const ofATenant = () => guarded().filter((route) => route.path.includes('{id}') && !forOperators(route));
  const idFor = ({ path }: DocumentedRoute): string => {
    const id = ids[path.split('/')[2] ?? ''];
    if (id === undefined) throw new Error(`${path} is about something that this test has to learn to make`);
    return id;
  };
  const nobodys = (id: string) => id.replace(/[0-9a-f]{32}$/, '0'.repeat(32));

  test('checkout, events stream, cancel and webhook get the same 404 as ones that do not exist, on every route', async () => {
    expect(ofATenant().length).toBeGreaterThanOrEqual(5);
    for (const route of ofATenant()) {
      const id = idFor(route);
      const [theirs, none] = [await call(route, id, OTHER_TENANT), await call(route, nobodys(id), OTHER_TENANT)];
      expect([route, theirs.statusCode, theirs.body]).toEqual([route, 404, none.body]);
      expect({ ...theirs.headers, ...volatile }).toEqual({ ...none.headers, ...volatile });
    }
    // Everything is still there.
    for (const [kind, id] of Object.entries(ids)) {
      const own = await world.app.inject({ url: `/v1/${kind}/${id}`, headers: { authorization: MERCHANT } });
      expect([kind, own.statusCode]).toEqual([kind, 200]);
    }
  });

  test('checkout is denied with the same queries as one that does not exist, so timing does not tell them apart', async () => {
    const route = { method: 'GET' as const, path: '/v1/checkouts/{id}' };
    const id = ids['checkouts'] ?? '';
    const queries = jest.spyOn(world.db, 'query');
    const askedFor = async (each: string) => {
      queries.mockClear();
      await call(route, each, OTHER_TENANT);
      return queries.mock.calls.map(([text]) => text);
    };

    const [theirs, none] = [await askedFor(id), await askedFor(nobodys(id))];
    queries.mockRestore();

    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs).toEqual(none);
  });
});

const volatile = { date: '', 'ratelimit-remaining': '', 'ratelimit-reset': '' };

test("no route takes a provider's word: what comes in signed only makes us ask the provider, under our own key", () => {
  expect(routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !route.startsWith('GET '))).toEqual([
    'POST /v1/checkouts',
    'POST /v1/checkouts/{id}/cancel',
    'POST /v1/ops/checkouts/{id}/repair',
    'POST /v1/ops/checkouts/{id}/resume',
    'POST /v1/ops/outbox/redrive',
    'POST /v1/ops/outbox/redrives/{id}/stop',
    'POST /v1/ops/outbox/replay',
    'POST /v1/ops/outbox/replays/{id}/stop',
    'POST /v1/webhooks',
    'DELETE /v1/webhooks/{id}',
    'POST /v1/providers/{tenant}/{role}/webhook',
  ]);
});
