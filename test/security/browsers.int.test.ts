import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { accepted } from '../support/checkout-world';
import { calm } from './calm';
import { documentedRoutes } from './documented-routes';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const EVIL = { origin: 'https://evil.example', cookie: 'session=sk_sandbox_operator', 'sec-fetch-site': 'cross-site' };
/** The content types that a form can send without a preflight. */
const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'];

const operatorPosts = async () =>
  (await documentedRoutes(world.app)).filter(({ method, path }) => method === 'POST' && path.startsWith('/v1/ops/'));

test('a cross-site post to any operator route has no key, whatever a browser adds by itself', async () => {
  const { checkoutId } = await accepted(world.db);
  for (const { path } of await operatorPosts()) {
    const url = `${path.replace('{id}', checkoutId)}?api_key=sk_sandbox_operator`;
    for (const type of FORMS) {
      const headers = { ...EVIL, 'content-type': type };
      const refused = await world.app.inject({ method: 'POST', url, headers, payload: '{"reason":"x"}' });
      expect([path, type, refused.statusCode]).toEqual([path, type, 401]);
    }
  }
});

test('and with a key, it is refused because it is not JSON', async () => {
  const authorization = 'Bearer sk_sandbox_operator';
  for (const { path } of await operatorPosts()) {
    for (const type of FORMS) {
      const headers = { ...EVIL, authorization, 'content-type': type };
      const payload = '{"reason":"x"}';
      const refused = await world.app.inject({ method: 'POST', url: path.replace('{id}', 'x'), headers, payload });
      expect([path, type, refused.statusCode]).toEqual([path, type, 415]);
    }
  }
});

test('a page of another origin gets no CORS headers and no cookie', async () => {
  for (const { method, path } of await documentedRoutes(world.app)) {
    const url = path.replace(/\{\w+\}/, 'x');
    const headers = {
      ...EVIL,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization',
    };
    const answers = [
      await world.app.inject({ method: 'OPTIONS', url, headers }),
      await world.app.inject({ method, url, headers: { ...EVIL, authorization: 'Bearer sk_sandbox_nobody' } }),
    ];

    expect([path, answers[0]?.statusCode]).toEqual([path, 405]);
    for (const answer of answers) {
      expect(Object.keys(answer.headers).filter((name) => /^access-control-|^set-cookie$/.test(name))).toEqual([]);
    }
  }
});

test('answers an unsupported method with 405 and the supported ones', async () => {
  const answers = await Promise.all(
    [
      ['DELETE', '/v1/checkouts'],
      ['PUT', '/v1/checkouts/chk_1'],
      ['GET', '/v1/checkouts/chk_1/cancel'],
      ['PATCH', '/healthz'],
    ].map(([method, url]) => world.app.inject({ method: method as 'PUT', url: url as string, payload: 'no JSON' })),
  );

  expect(answers.map(({ statusCode, headers }) => [statusCode, headers['allow']])).toEqual([
    [405, 'POST, GET, HEAD'],
    [405, 'GET, HEAD'],
    [405, 'POST'],
    [405, 'GET, HEAD'],
  ]);
  expect(answers[0]?.json()).toMatchObject({ code: 'method-not-allowed', detail: 'There is no DELETE /v1/checkouts.' });
});
