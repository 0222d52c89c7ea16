import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../api/app';
import { renderOutcome } from '../../api/outcome';
import { checkoutsIn } from '../../src/checkouts/checkouts';
import { forgetAnswers } from '../../src/checkouts/forget-answers';
import { sweepUnstarted } from '../../src/checkouts/sweep-unstarted';
import { workflowStarter } from '../../src/checkouts/workflow-starter';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { redisReplayCache } from '../../src/idempotency/replay-cache';
import { dropTombstones } from '../../src/idempotency/retention';
import { openDatabase } from '../../src/postgres/database';
import { openRedis } from '../../src/runtime/redis';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { stepsBefore } from '../support/checkout-world';
import { TcpProxy } from '../support/tcp-proxy';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const DAY_MS = 86_400_000;
const codeOf = (response: LightMyRequestResponse) => response.json<{ code: string }>().code;
const idOf = (response: LightMyRequestResponse) => response.json<{ id: string }>().id;
const replayed = (response: LightMyRequestResponse) => response.headers['idempotent-replayed'] === 'true';
const claimsOf = async (key: string) =>
  (await world.db.query(`select from idempotency_claims where key = $1`, [key])).rowCount;
const describeRun = (key: string) => world.client.workflow.getHandle(checkoutWorkflowId('acme', key)).describe();

/** Runs the seven steps as a worker would. */
async function complete(checkoutId: string): Promise<void> {
  const order = { checkoutId, tenant: 'acme' };
  await stepsBefore(world.activities, order, 6);
  await world.activities.generateLabel(order);
}

/** The API over another road to Postgres or Redis. */
async function apiThrough(url: string) {
  const db = openDatabase(url, { connections: 4, onIdleError: () => undefined });
  const { watch, starter, clock, options } = world;
  const checkouts = checkoutsIn(db, { now: clock.date, start: starter.startSoon, watch, renderOutcome });
  const app = await buildApp({ ...options, checkouts });
  return { app, close: () => Promise.all([app.close(), db.close()]) };
}

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
  expect(await claimsOf('first-key')).toBe(0);
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
  expect(first.json()).toEqual({ id, state: 'accepted', links: { self: `/v1/checkouts/${id}` } });
  expect((await describeRun(key)).status.name).toBe('RUNNING');
});

test('same key, same body: same bytes, also with the members in another order and with the key in quotes', async () => {
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
  await world.redis.flushall();
  const uncached = await place(world.app, other);

  expect([cached, uncached].map(codeOf)).toEqual(['idempotency-key-reused', 'idempotency-key-reused']);
  expect([cached.statusCode, uncached.statusCode]).toEqual([422, 422]);
});

test('50 at once, same key and body: one execution, and everybody gets the same answer', async () => {
  const key = aKey();

  const answers = await Promise.all(Array.from({ length: 50 }, () => place(world.app, { key })));

  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(answers.filter((answer) => !replayed(answer))).toHaveLength(1);
  expect(await claimsOf(key)).toBe(1);
});

test("the first one's transaction still open: wait, then replay; after a second 409 with Retry-After", async () => {
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

test('process died after the claim, or Temporal is down: 202, and the sweep starts it once', async () => {
  const nowhere = Connection.lazy({ address: '127.0.0.1:1' });
  const failed: string[] = [];
  const starter = workflowStarter(
    (work) => nowhere.withDeadline(Date.now() + 200, () => work(new Client({ connection: nowhere }))),
    (checkoutId) => failed.push(checkoutId),
  );
  const { db, clock, watch, options } = world;
  const checkouts = checkoutsIn(db, { now: clock.date, start: starter.startSoon, watch, renderOutcome });
  const app = await buildApp({ ...options, checkouts });
  const key = aKey();

  const accepted = await place(app, { key });
  await starter.idle();
  await expect(describeRun(key)).rejects.toThrow();
  const later = new Date(clock.now() + 5_000);
  await Promise.all([sweepUnstarted(db, world.starter, later), sweepUnstarted(db, world.starter, later)]);

  expect(accepted.statusCode).toBe(202);
  expect(failed).toEqual([idOf(accepted)]);
  expect((await describeRun(key)).status.name).toBe('RUNNING');
  await app.close();
  await nowhere.close();
});

test('never started within 15 minutes: refused as expired instead of run with old prices', async () => {
  const { db, watch, clock, options } = world;
  const checkouts = checkoutsIn(db, { now: clock.date, start: () => undefined, watch, renderOutcome });
  const app = await buildApp({ ...options, checkouts });
  const key = aKey();
  const id = idOf(await place(app, { key }));

  await sweepUnstarted(db, world.starter, new Date(clock.now() + 16 * 60_000));
  const outcome = await place(app, { key, headers: { prefer: 'wait=5' } });
  const late: unknown = await world.activities.createOrder({ checkoutId: id, tenant: 'acme' }).catch((e: unknown) => e);

  expect([outcome.statusCode, codeOf(outcome)]).toEqual([409, 'checkout-expired']);
  expect(late).toMatchObject({ type: 'CheckoutExpired' });
  await expect(describeRun(key)).rejects.toThrow();
  await app.close();
});

test('commit acknowledgement lost: the claim is read again, and there is one', async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const through = await apiThrough(url);
  const key = aKey();
  proxy.loseAnswerTo('commit');

  const first = await place(through.app, { key });
  const again = await place(world.app, { key });

  expect(first.statusCode).toBe(202);
  expect(replayed(first)).toBe(false);
  expect(again.body).toBe(first.body);
  expect(await claimsOf(key)).toBe(1);
  await through.close();
  await proxy.close();
});

test('Postgres down: 503 with Retry-After, nothing starts, nothing is stored; afterwards all is well', async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const through = await apiThrough(url);
  const key = aKey();
  proxy.refuse();

  const down = await place(through.app, { key });
  await expect(describeRun(key)).rejects.toThrow();
  proxy.accept();
  const up = await place(through.app, { key });

  expect([down.statusCode, codeOf(down)]).toEqual([503, 'unavailable']);
  expect(down.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  expect(up.statusCode).toBe(202);
  expect(replayed(up)).toBe(false);
  await through.close();
  await proxy.close();
});

test('Redis down: as usual, straight from Postgres', async () => {
  const nowhere = openRedis('redis://127.0.0.1:1', () => undefined);
  if (!nowhere) throw new Error('There is a client, and no server');
  const app = await buildApp({ ...world.options, cache: redisReplayCache(nowhere, 'nowhere', Date.now) });
  const key = aKey();

  const first = await place(app, { key });
  const again = await place(app, { key });
  const reused = await place(app, { key, body: aRequest({ currency: 'EUR' }) });

  expect([first.statusCode, again.statusCode, reused.statusCode]).toEqual([202, 202, 422]);
  expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
  expect([first, again].map(replayed)).toEqual([false, true]);
  await app.close();
  nowhere.disconnect();
});

test("Temporal's retention has dropped the run: replay from Postgres, and nothing starts", async () => {
  const key = aKey();
  const first = await place(world.app, { key });
  await world.starter.idle();
  await complete(idOf(first));
  const outcome = await place(world.app, { key, headers: { prefer: 'wait=5' } });
  const { runId } = await describeRun(key);
  const workflowExecution = { workflowId: checkoutWorkflowId('acme', key), runId };
  await world.client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
  const gone = async (): Promise<void> =>
    (await describeRun(key).then(
      () => false,
      () => true,
    ))
      ? undefined
      : gone();
  await gone();
  await world.redis.flushall();

  const acceptance = await place(world.app, { key });
  const again = await place(world.app, { key, headers: { prefer: 'wait=5' } });
  await sweepUnstarted(world.db, world.starter, new Date(world.clock.now() + 60_000));

  expect(acceptance.rawPayload.equals(first.rawPayload)).toBe(true);
  expect(again.rawPayload.equals(outcome.rawPayload)).toBe(true);
  await expect(describeRun(key)).rejects.toThrow();
});

test('outcome older than 30 days: 409 expired with Location; a tombstone for 400 days, and no second order ever', async () => {
  const key = aKey();
  const first = await place(world.app, { key });
  await complete(idOf(first));
  const other = { key, body: aRequest({ currency: 'EUR' }) };
  const { clock, db } = world;

  clock.advance(31 * DAY_MS);
  const unswept = await place(world.app, { key });
  await forgetAnswers(db, clock.date());
  const swept = await place(world.app, { key });
  const reused = await place(world.app, other);
  clock.advance(370 * DAY_MS);
  await dropTombstones(db, clock.date());
  const afterwards = await place(world.app, { key });

  for (const response of [unswept, swept, afterwards]) {
    expect([response.statusCode, codeOf(response)]).toEqual([409, 'idempotency-key-expired']);
    expect(response.headers.location).toBe(first.headers.location);
  }
  expect(codeOf(reused)).toBe('idempotency-key-reused');
  expect((await db.query(`select from orders where checkout_id = $1`, [idOf(first)])).rowCount).toBe(1);
  expect(await claimsOf(key)).toBe(0);
});

test('same key, other tenant: another checkout, and no answer tells that the other exists', async () => {
  const key = aKey();
  const acme = await place(world.app, { key });

  const globex = await place(world.app, { key, apiKey: 'sk_sandbox_globex', body: aRequest({ currency: 'EUR' }) });

  expect(globex.statusCode).toBe(202);
  expect(replayed(globex)).toBe(false);
  expect(idOf(globex)).not.toBe(idOf(acme));
});
