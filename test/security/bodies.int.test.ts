import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { claimsOf, codeOf } from '../api/setup';
import { calm } from './calm';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

/** Places `body`, and expects it to be refused with nothing left behind. */
async function refusalOf(body: string | Buffer, headers: Record<string, string> = {}) {
  const key = aKey();
  const response = await world.app.inject({
    method: 'POST',
    url: '/v1/checkouts',
    headers: {
      ...{ authorization: 'Bearer sk_sandbox_acme', 'idempotency-key': key },
      ...{ 'content-type': 'application/json', ...headers },
    },
    payload: body,
  });
  expect(await claimsOf(world, key)).toBe(0);
  return [response.statusCode, codeOf(response)];
}

const GOOD = JSON.stringify(aRequest());
const inserted = (member: string) => GOOD.replace('{', `{${member},`);

describe('refuses ambiguous or invalid JSON', () => {
  test.each([
    ['__proto__', inserted('"__proto__":{"admin":true}'), 'invalid-json'],
    ['an escaped __proto__', inserted('"__proto\\u005f_":{"admin":true}'), 'invalid-json'],
    ['constructor.prototype', inserted('"constructor":{"prototype":{"admin":true}}'), 'invalid-json'],
    ['a member twice', GOOD.replace('"currency":', '"currency":"EUR","currency":'), 'invalid-json'],
    [
      'a member twice, spelt with an escape',
      GOOD.replace('"currency":', '"currenc\\u0079":"EUR","currency":'),
      'invalid-json',
    ],
    ['a member twice, far inside', GOOD.replace('"quantity":', '"quantity":1,"quantity":'), 'invalid-json'],
    ['an empty member twice', inserted('"":1,"":2'), 'invalid-json'],
    ['\\u0000', GOOD.replace('Ada', 'Ada\\u0000'), 'invalid-request'],
    ['a lone surrogate', GOOD.replace('Ada', 'Ada\\ud800'), 'invalid-request'],
    ['text that runs backwards', GOOD.replace('Ada', '\u202eAda'), 'invalid-request'],
    ['thirty thousand arrays in each other', '['.repeat(30_000) + ']'.repeat(30_000), 'invalid-request'],
    ['ten thousand objects in each other', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), 'invalid-request'],
    [
      'deep nesting in a known field',
      GOOD.replace('"USD"', '['.repeat(30_000) + ']'.repeat(30_000)),
      'invalid-request',
    ],
    ['two values', `${GOOD}${GOOD}`, 'invalid-json'],
    ['a comment', `${GOOD}//`, 'invalid-json'],
    ['NaN', GOOD.replace(/"quantity":\d+/, '"quantity":NaN'), 'invalid-json'],
  ])('%s', async (_attack, body, code) => {
    expect(await refusalOf(body)).toEqual([400, code]);
    expect({}).not.toHaveProperty('admin');
  });

  test('bytes that are not UTF-8, which would be stored as something else', async () => {
    const overlong = Buffer.from(GOOD.replace('Ada', '\u00ff\u00fe'), 'latin1');

    expect(await refusalOf(overlong)).toEqual([400, 'invalid-json']);
    expect(await refusalOf(Buffer.from(GOOD, 'utf16le'))).toEqual([400, 'invalid-json']);
  });

  test('ten thousand lines, as too many or as too large', async () => {
    const lines = (count: number, item: object) => JSON.stringify({ ...aRequest(), items: Array(count).fill(item) });

    expect(await refusalOf(lines(10_000, {}))).toEqual([400, 'invalid-request']);
    expect(await refusalOf(lines(10_000, { sku: 'A', quantity: 1 }))).toEqual([413, 'body-too-large']);
  });

  test('accepts colons, quotes and backslashes in text', async () => {
    const shippingAddress = { ...aRequest().shippingAddress, line1: 'a "b": c, \\', line2: '":":":' };

    expect((await place(world.app, { key: aKey(), body: { ...aRequest(), shippingAddress } })).statusCode).toBe(202);
  });
});

const ODD_TYPES = [
  ...['text/plain', 'text/json', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  ...['application/json\tx', 'application/json x', 'application/jsonx', 'application/json,text/plain', 'application'],
  ...['application/json;charset=utf-16', 'application/json; charset=utf-7', 'application/json; charset=latin1'],
  ...[
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; x=y',
    'application/json;',
    ' application/json',
  ],
  ...[
    'application/ json',
    'application/*',
    '*/*',
    'application/json+x',
    'application/problem+json',
    '',
    '\tapplication/json',
  ],
];

test('tries at least twenty odd content types', () => {
  expect(ODD_TYPES.length).toBeGreaterThanOrEqual(20);
});

test.each(ODD_TYPES)('answers content type %j with 415, and starts no workflow', async (type) => {
  expect(await refusalOf(GOOD, { 'content-type': type })).toEqual([415, 'unsupported-media-type']);
});

test.each([
  'application/json',
  'Application/JSON',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
])('accepts content type %j as JSON', async (type) => {
  expect((await place(world.app, { key: aKey(), headers: { 'content-type': type } })).statusCode).toBe(202);
});
