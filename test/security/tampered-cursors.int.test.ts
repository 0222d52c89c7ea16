import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeParkedCursor } from '../../api/routes/parked-cursor';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { calm } from './calm';

let world: ApiWorld;
const ids: { readonly acme: string[]; readonly globex: string[] } = { acme: [], globex: [] };
beforeAll(async () => {
  world = await apiWorld();
  for (const tenant of ['acme', 'globex'] as const) {
    for (let at = 0; at < 3; at += 1) {
      const placed = await place(world.app, { key: aKey(), apiKey: `sk_sandbox_${tenant}` });
      ids[tenant].push(placed.json<{ id: string }>().id);
    }
  }
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const get = (url: string, apiKey: string) => world.app.inject({ url, headers: { authorization: `Bearer ${apiKey}` } });

async function cursorOf(tenant: 'acme' | 'globex'): Promise<string> {
  const page = await get('/v1/checkouts?limit=1', `sk_sandbox_${tenant}`);
  return page.json<{ next: string }>().next;
}

const aParkedCursor = () =>
  encodeParkedCursor({ sink: 'redis', target: '', checkoutId: ids.acme[0] ?? '', sequence: 1 });

/** A cursor that was cut, extended, changed or replaced, either as text or decoded. */
const tampered = (cursor: string): fc.Arbitrary<string> => {
  const at = fc.nat({ max: cursor.length });
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('%00', '\u0000', "'", ' ', '=', '-', '🙂'),
  );
  const plain = Buffer.from(cursor, 'base64url').toString();
  const inside = (text: string) => Buffer.from(text).toString('base64url');
  return fc.oneof(
    fc
      .tuple(at, at, piece)
      .map(([from, to, put]) => cursor.slice(0, Math.min(from, to)) + put + cursor.slice(Math.max(from, to))),
    fc
      .tuple(at, at, piece)
      .map(([from, to, put]) => inside(plain.slice(0, Math.min(from, to)) + put + plain.slice(Math.max(from, to)))),
    fc
      .constantFrom('0', '-1', '1e3', '999999999999999', '9'.repeat(16), 'NaN')
      .map((number) => inside(plain.replace(/^\d+|\d+$/, number))),
    fc.constant(cursor.repeat(2)),
    piece,
  );
};

test.each([
  ['checkouts', () => cursorOf('acme'), '/v1/checkouts?cursor=', 'sk_sandbox_acme'],
  ['dead letters', async () => aParkedCursor(), '/v1/ops/outbox/dead-letters?cursor=', 'sk_sandbox_operator'],
] as const)(
  'answers a tampered cursor of %s with 400 or with rows that the caller may see',
  async (_list, genuine, url, apiKey) => {
    const cursor = await genuine();
    expect((await get(`${url}${cursor}`, apiKey)).statusCode).toBe(200);

    await fc.assert(
      fc.asyncProperty(tampered(cursor), async (other) => {
        // Under pressure it would answer 503 to anything.
        await calm(world.app);
        const { statusCode, body } = await get(`${url}${encodeURIComponent(other)}`, apiKey);
        expect([200, 400]).toContain(statusCode);
        if (apiKey === 'sk_sandbox_acme') ids.globex.forEach((id) => expect(body).not.toContain(id));
      }),
      { numRuns: 500 },
    );
  },
);

test("another tenant's cursor shows none of its checkouts", async () => {
  const answer = await get(`/v1/checkouts?cursor=${await cursorOf('globex')}`, 'sk_sandbox_acme');

  expect(answer.statusCode).toBe(200);
  for (const id of ids.globex) expect(answer.body).not.toContain(id);
});
