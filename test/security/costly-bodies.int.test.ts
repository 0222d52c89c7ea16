import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { codeOf } from '../api/setup';
import { calm } from './calm';
import { documentedRoutes } from './documented-routes';

const logged: string[] = [];
let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld({ logger: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }) });
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

/** Posts to every route that reads a body, each with a key that may. */
async function postTo(payload: string) {
  const routes = (await documentedRoutes(world.app)).filter(({ method }) => method === 'POST' || method === 'DELETE');
  expect(routes.length).toBeGreaterThanOrEqual(7);
  return Promise.all(
    routes.map(async ({ method, path }) => {
      const apiKey = path.startsWith('/v1/ops/') ? 'sk_sandbox_operator' : 'sk_sandbox_acme';
      const answer = await world.app.inject({
        ...{ method, url: path.replace('{id}', 'chk_1'), payload },
        headers: {
          ...{ authorization: `Bearer ${apiKey}`, 'idempotency-key': aKey() },
          'content-type': 'application/json',
        },
      });
      return { path, answer };
    }),
  );
}

/** Reads no body that nobody of ours has signed. */
const SIGNED_ONLY = '/v1/providers/{tenant}/{role}/webhook';

test.each([
  ['5,000 nested arrays', '['.repeat(5_000) + ']'.repeat(5_000)],
  ['5,000 nested objects', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
  ['17 nested arrays', '['.repeat(17) + ']'.repeat(17)],
  ['5,000 arrays that are never closed', '['.repeat(5_000)],
])('refuses %s on every route before it descends into them', async (_attack, payload) => {
  for (const { path, answer } of await postTo(payload)) {
    const tooLarge = answer.statusCode === 413 && payload.length > 1_024;
    expect([path, answer.statusCode]).toEqual([path, path === SIGNED_ONLY ? 401 : tooLarge ? 413 : 400]);
  }
  expect(logged).toEqual([]);
});

test('answers 5,000 nested arrays in the body of a checkout with 400', async () => {
  const payload = JSON.stringify(aRequest()).replace('"USD"', '['.repeat(5_000) + ']'.repeat(5_000));
  const [first] = (await postTo(payload)).filter(({ path }) => path === '/v1/checkouts');

  expect([first?.answer.statusCode, first && codeOf(first.answer)]).toEqual([400, 'invalid-request']);
  expect(first?.answer.json()).toMatchObject({ errors: [{ field: 'body' }] });
});

test('does not count brackets in text as nesting', async () => {
  const customer = { ...aRequest().shippingAddress, name: '[{'.repeat(20), line1: `"\\"${'['.repeat(20)}` };
  const [first] = (await postTo(JSON.stringify({ ...aRequest(), shippingAddress: customer }))).filter(
    ({ path }) => path === '/v1/checkouts',
  );

  expect(first?.answer.statusCode).toBe(202);
});

test('only the checkout route reads a body of 64 KB full of groups of digits', async () => {
  for (const { path, answer } of await postTo(JSON.stringify({ reason: '4 '.repeat(32_000) }))) {
    const expected = { '/v1/checkouts': 400, [SIGNED_ONLY]: 401 }[path] ?? 413;
    expect([path, answer.statusCode]).toEqual([path, expected]);
  }
});

test.each([
  ['a route without a body', '/v1/checkouts/chk_1/cancel', 'sk_sandbox_acme', 1_024],
  ['a route that takes a reason', '/v1/ops/checkouts/chk_1/repair', 'sk_sandbox_operator', 8 * 1_024],
])('has a small limit on %s', async (_where, url, apiKey, limit) => {
  const post = async (bytes: number) => {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': aKey(),
      'content-type': 'application/json',
    };
    const payload = '{}'.padEnd(bytes, ' ');
    return (await world.app.inject({ method: 'POST', url, headers, payload })).statusCode;
  };

  expect(await post(limit + 1)).toBe(413);
  expect(await post(limit)).not.toBe(413);
});
