import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SANDBOX_API_KEYS } from '../../src/domain/api-keys';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const checkouts = async () =>
  (await world.db.query<{ count: bigint }>(`select count(*) from checkouts`)).rows[0]?.count;

/** Places `body`, and expects it to be refused because of `field`, with nothing left behind. */
async function expectRefused(body: unknown, field: string): Promise<void> {
  const before = await checkouts();
  const response = await place(world.app, { key: aKey(), body });

  expect(response.statusCode).toBe(400);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(response.json<{ code: string; errors: { field: string }[] }>()).toMatchObject({
    code: 'invalid-request',
    errors: [{ field }],
  });
  expect(await checkouts()).toBe(before);
}

describe('names a field that is not allowed', () => {
  test.each(['price', 'total', 'status', 'tenant', 'discount', 'steps', 'expectedtotal'])('%s', async (field) => {
    await expectRefused({ ...aRequest(), [field]: 1 }, `body.${field}`);
  });

  test('also inside an item', async () => {
    await expectRefused(
      { ...aRequest(), items: [{ sku: 'MUG-BLUE', quantity: 1, unitPrice: 1 }] },
      'body.items.0.unitPrice',
    );
  });
});

describe('names a field that is missing', () => {
  test.each(Object.keys(aRequest()))('%s', async (field) => {
    await expectRefused({ ...aRequest(), [field]: undefined }, `body.${field}`);
  });
});

describe('refuses bad quantities and amounts instead of coercing them', () => {
  const BAD = [0, -1, 1.5, '1', [1], true, null, 1e308, 2 ** 31, 2 ** 53 + 2];

  test.each(BAD.map((value) => [JSON.stringify(value), value]))('quantity %s', async (_name, quantity) => {
    await expectRefused({ ...aRequest(), items: [{ sku: 'MUG-BLUE', quantity }] }, 'body.items.0.quantity');
  });

  const AMOUNTS = BAD.filter((value) => value !== 2 ** 31);
  test.each(AMOUNTS.map((value) => [JSON.stringify(value), value]))(
    'expectedTotal %s',
    async (_name, expectedTotal) => {
      await expectRefused({ ...aRequest(), expectedTotal }, 'body.expectedTotal');
    },
  );
});

describe('refuses hostile text', () => {
  test.each([
    ['a NUL', 'a\u0000b'],
    ['a line break', 'a\r\nBcc: x@example.com'],
    ['a lone surrogate', 'a\ud800b'],
    ['too long', 'x'.repeat(101)],
  ])('%s in a name', async (_name, name) => {
    await expectRefused(
      { ...aRequest(), shippingAddress: { ...aRequest().shippingAddress, name } },
      'body.shippingAddress.name',
    );
  });

  test.each([
    'a@example.com,b@example.com',
    'a@example.com\r\nBcc:b@example.com',
    'a b@example.com',
    '<a@example.com>',
    'a',
  ])('e-mail %j', async (email) => {
    await expectRefused({ ...aRequest(), customer: { id: 'cus_1', email } }, 'body.customer.email');
  });

  test('a card number as a token', async () => {
    await expectRefused({ ...aRequest(), payment: { token: '4242424242424242' } }, 'body.payment.token');
  });

  test('an unknown currency', async () => {
    await expectRefused({ ...aRequest(), currency: 'XXY' }, 'body.currency');
  });

  test('too many lines within 64 KiB', async () => {
    const items = Array.from({ length: 1500 }, () => ({ sku: 'A', quantity: 1 }));
    await expectRefused({ ...aRequest(), items }, 'body.items');
  });
});

describe('refuses what is not a JSON object', () => {
  test.each([
    ['broken', '{"customer":', 400, 'invalid-json'],
    ['empty', '', 400, 'invalid-json'],
    ['__proto__', '{"__proto__":{"admin":true}}', 400, 'invalid-json'],
    ['an array', '[]', 400, 'invalid-request'],
    ['too large', JSON.stringify({ x: 'y'.repeat(70_000) }), 413, 'body-too-large'],
  ])('%s', async (_name, body, status, code) => {
    const response = await place(world.app, { key: aKey(), body });

    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ code, status });
  });

  test('with another content type', async () => {
    const response = await place(world.app, { key: aKey(), headers: { 'content-type': 'text/plain' } });

    expect(response.statusCode).toBe(415);
    expect(response.json()).toMatchObject({ code: 'unsupported-media-type' });
  });
});

test.each([
  ['/v1/checkouts', 64],
  ['/v1/providers/-/payments/webhook', 64],
  ['/v1/webhooks', 8],
])('a body that is too large for %s learns that it takes %i KiB', async (url, kib) => {
  const headers = { authorization: `Bearer ${Object.keys(SANDBOX_API_KEYS)[0]}`, 'content-type': 'application/json' };
  const response = await world.app.inject({ method: 'POST', url, headers, payload: 'x'.repeat(kib * 1024 + 1) });

  expect(response.json()).toMatchObject({ status: 413, detail: `Send at most ${kib} KiB here.` });
});

test('never answers 5xx: accepts a body exactly or refuses it by field', async () => {
  const request = aRequest();
  const anything = fc.anything({ maxDepth: 3, withNullPrototype: false });
  const bodies = fc.oneof(
    anything,
    fc
      .tuple(fc.constantFrom(...Object.keys(request)), anything)
      .map(([field, value]) => ({ ...request, [field]: value })),
    fc.record({ quantity: anything, sku: fc.string() }).map((item) => ({ ...request, items: [item] })),
  );

  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const response = await place(world.app, { key: aKey(), body: JSON.stringify(body) ?? 'undefined' });

      expect([202, 400, 413]).toContain(response.statusCode);
    }),
    { numRuns: 500 },
  );
});
