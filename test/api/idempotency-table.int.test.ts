import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildApp } from '../../api/app';
import { renderOutcome } from '../../api/idempotency/outcome';
import { checkoutsIn } from '../../src/checkouts/checkouts';
import { forgetAnswers } from '../../src/checkouts/forget-answers';
import { sweepUnstarted } from '../../src/checkouts/sweep-unstarted';
import { dropTombstones } from '../../src/idempotency/retention';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { letTimePass } from '../support/let-time-pass';
import { claimsOf, codeOf, complete, describeRun, idOf, replayed } from './setup';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const DAY_MS = 86_400_000;

test('no key, two keys, malformed key: 400 with a link to the rules, and nothing stored', async () => {
  const missing = await place(world.app, { key: undefined });
  const two = await place(world.app, { key: ['first-key', 'second-key'] });
  const malformed = await Promise.all(
    ['short', 'with space', 'x'.repeat(256), 'emoji-🙂-key', '"unfinished', '"quoted key!"'].map((key) =>
      place(world.app, { key: Buffer.from(key).toString('latin1') }),
    ),
  );

  expect(missing.statusCode).toBe(400);
  expect(codeOf(missing)).toBe('idempotency-key-missing');
  for (const response of [two, ...malformed]) {
    expect(response.statusCode).toBe(400);
    expect(codeOf(response)).toBe('idempotency-key-invalid');
    expect(response.headers.link).toMatch(/^<.+>; rel="describedby"$/);
  }
  expect(await claimsOf(world, 'first-key')).toBe(0);
});

test('401, 403, 429, schema error: the normal error, and the key stays free', async () => {
  const key = aKey();
  const limited = await buildApp({ ...world.options, requestsPerWindow: 0 });

  const statuses = [
    (await place(world.app, { key, apiKey: 'sk_nobody_knows' })).statusCode,
    (await place(world.app, { key, apiKey: 'sk_sandbox_operator' })).statusCode,
    (await place(limited, { key })).statusCode,
    (await place(world.app, { key, body: { ...aRequest(), extra: 1 } })).statusCode,
  ];
  const first = await place(world.app, { key });

  expect(statuses).toEqual([401, 403, 429, 400]);
  expect(first.statusCode).toBe(202);
  expect(replayed(first)).toBe(false);
  await limited.close();
});

test('first use: 202, claim and acceptance in one transaction, then the workflow starts', async () => {
  const key = aKey();

  const first = await place(world.app, { key });
  await world.starter.idle();

  const id = idOf(first);
  expect(first.statusCode).toBe(202);
  expect(first.headers.location).toBe(`/v1/checkouts/${id}`);
  const links = { self: `/v1/checkouts/${id}`, events: `/v1/checkouts/${id}/events` };
  expect(first.json()).toEqual({ id, state: 'accepted', links });
  expect((await describeRun(world, key)).status.name).toBe('RUNNING');
});

test('same key, same body: same bytes, also with members in another order and the key in quotes', async () => {
  const key = aKey();
  const first = await place(world.app, { key });
  const reversed = Object.fromEntries(Object.entries(aRequest()).reverse());

  const again = [
    await place(world.app, { key }),
    await place(world.app, { key, body: reversed }),
    await place(world.app, { key, body: JSON.stringify(aRequest(), null, 2) }),
    await place(world.app, { key: `"${key}"` }),
  ];

  for (const response of again) {
    expect(response.rawPayload.equals(first.rawPayload)).toBe(true);
    expect([response.statusCode, response.headers.location]).toEqual([202, first.headers.location]);
    expect(response.headers['content-type']).toBe(first.headers['content-type']);
    expect(replayed(response)).toBe(true);
  }
});

test('same key, other body: 422, from the cache and from Postgres', async () => {
  const key = aKey();
  await place(world.app, { key });
  const other = { key, body: aRequest({ items: [{ sku: 'TEE-BLACK', quantity: 1 }] }) };

  const cached = await place(world.app, other);
  await world.flushRedis();
  const uncached = await place(world.app, other);

  expect([cached, uncached].map(codeOf)).toEqual(['idempotency-key-reused', 'idempotency-key-reused']);
  expect([cached.statusCode, uncached.statusCode]).toEqual([422, 422]);
});

test('50 at the same time, same key and body: one execution, and everybody gets the same answer', async () => {
  const key = aKey();

  const answers = await Promise.all(Array.from({ length: 50 }, () => place(world.app, { key })));

  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(answers.filter((answer) => !replayed(answer))).toHaveLength(1);
  expect(await claimsOf(world, key)).toBe(1);
});

test("the first one's transaction still open: wait, then replay; after a second, 409 with Retry-After", async () => {
  const key = aKey();
  const waitingForIt = async () => {
    const { rowCount } = await world.db.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%insert into idempotency_claims%'
          and datname = current_database()`,
    );
    if (rowCount === 0) await waitingForIt();
  };
  const copied = await place(world.app, { key: aKey() });

  const late = await world.db.transaction(async (tx) => {
    await tx.query(
      `insert into idempotency_claims
       select tenant, operation, $1, fingerprint, resource_id, accepted_at, acceptance_status, acceptance_headers, acceptance_body
         from idempotency_claims where resource_id = $2`,
      [key, idOf(copied)],
    );
    const inUse = await place(world.app, { key });
    expect([inUse.statusCode, codeOf(inUse)]).toEqual([409, 'idempotency-key-in-use']);
    expect(inUse.headers['retry-after']).toBe('1');

    const waiting = place(world.app, { key });
    await waitingForIt();
    return { waiting };
  });
  const answer = await late.waiting;

  expect(answer.statusCode).toBe(202);
  expect(replayed(answer)).toBe(true);
  expect(answer.body).toBe(copied.body);
});

test('not started within 15 minutes: refused as expired instead of run with old prices', async () => {
  const { db, watch, options } = world;
  const checkouts = checkoutsIn(db, {
    starter: { startSoon: () => undefined, cancelSoon: () => undefined },
    watch,
    renderOutcome,
  });
  const app = await buildApp({ ...options, checkouts });
  const key = aKey();
  const id = idOf(await place(app, { key }));

  await letTimePass(db, 16 * 60_000, key);
  await sweepUnstarted(db, world.workflows);
  const outcome = await place(app, { key, headers: { prefer: 'wait=5' } });
  const late: unknown = await world.activities.createOrder({ checkoutId: id, tenant: 'acme' }).catch((e: unknown) => e);

  expect([outcome.statusCode, codeOf(outcome)]).toEqual([409, 'checkout-expired']);
  expect(late).toMatchObject({ type: 'CheckoutExpired' });
  await expect(describeRun(world, key)).rejects.toThrow();
  await app.close();
});

test('outcome older than 30 days: 409 expired with Location; a tombstone for 400 days, and never a second order', async () => {
  const key = aKey();
  const first = await place(world.app, { key });
  await complete(world, idOf(first));
  const other = { key, body: aRequest({ currency: 'EUR' }) };
  const { clock, db } = world;

  clock.advance(31 * DAY_MS);
  await letTimePass(db, 31 * DAY_MS, key);
  const unswept = await place(world.app, { key });
  await forgetAnswers(db);
  const swept = await place(world.app, { key });
  const reused = await place(world.app, other);
  clock.advance(370 * DAY_MS);
  await letTimePass(db, 370 * DAY_MS, key);
  await dropTombstones(db);
  const afterwards = await place(world.app, { key });

  for (const response of [unswept, swept, afterwards]) {
    expect([response.statusCode, codeOf(response)]).toEqual([409, 'idempotency-key-expired']);
    expect(response.headers.location).toBe(first.headers.location);
  }
  expect(codeOf(reused)).toBe('idempotency-key-reused');
  expect((await db.query(`select from orders where checkout_id = $1`, [idOf(first)])).rowCount).toBe(1);
  expect(await claimsOf(world, key)).toBe(0);
});

test('same key, other tenant: another checkout, and no answer reveals that the other exists', async () => {
  const key = aKey();
  const acme = await place(world.app, { key });

  const globex = await place(world.app, { key, apiKey: 'sk_sandbox_globex', body: aRequest({ currency: 'EUR' }) });

  expect(globex.statusCode).toBe(202);
  expect(replayed(globex)).toBe(false);
  expect(idOf(globex)).not.toBe(idOf(acme));
});
