import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { accepted, stepsBefore } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { lanesOf } from '../support/outbox-lanes';
import { RecordingSink } from '../support/outbox-world';
import { parsePrometheus } from '../support/prometheus-text';
import { undecidedPayment } from '../support/undecided-payment';
import { idOf } from './setup';

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());

const FRESH_MS = 5_000;

async function scrape(app = world.app) {
  const answer = await app.inject('/metrics');
  if (answer.statusCode !== 200) throw new Error(answer.body);
  const metrics = parsePrometheus(answer.body);
  const values = (name: string, labels: Record<string, string> = {}): number[] =>
    (metrics.get(`durable_checkout_${name}`)?.samples ?? [])
      .filter((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))
      .map(({ value }) => value);
  return { answer, metrics, values };
}

test('reports the outbox, sink by sink', async () => {
  const sink = new RecordingSink('redis');
  sink.script = ({ event }) =>
    event.sequence === 2 ? { status: 'failed', reason: 'too large', retry: false } : { status: 'delivered' };
  await stepsBefore(world.activities, await accepted(world.db), 3);
  await (await lanesOf(world.db, sink)).passUntilIdle();
  await stepsBefore(world.activities, await accepted(world.db), 1);
  await world.db.query(`update outbox_cursors set failing_since = now(), failure = 'x', rewinds = 1 where shard < 2`);
  await world.db.query(`update outbox_events set occurred_at = now() - interval '70 s' where sequence = 1`);
  world.clock.advance(FRESH_MS);

  const { answer, values } = await scrape();

  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const ofRedis = (name: string, more = {}) => values(`outbox_${name}`, { sink: 'redis', ...more });
  expect(ofRedis('pending')[0]).toBeGreaterThan(0);
  expect(ofRedis('oldest_seconds')[0]).toBeGreaterThanOrEqual(70);
  expect(ofRedis('delivered_total')).toEqual([1]);
  expect(ofRedis('lane_failing')).toEqual([2]);
  expect(ofRedis('rewinds_total')).toEqual([2]);
  expect(ofRedis('parked', { state: 'dead' })).toEqual([1]);
  expect(ofRedis('parked')).toHaveLength(3);
  expect(values('postgres_up')).toEqual([1]);
});

test('reports checkouts under way and those that need an operator', async () => {
  await world.db.query(`update checkouts set state = 'completed', ended_at = now()`);
  await accepted(world.db);
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 2);
  await world.activities.raiseAttention({ ...order, step: 'payment-authorized', kind: 'undo', why: 'It is away' });
  await stepsBefore(world.activities, await accepted(world.db), 1);
  await stepsBefore(undecidedPayment(world).activities, await accepted(world.db), 2);
  world.clock.advance(FRESH_MS);

  const { values } = await scrape();

  const unfinished = ['accepted', 'running', 'awaiting-customer', 'needs-attention'];
  expect(unfinished.map((state) => values('checkouts', { state }))).toEqual([[1], [1], [1], [1]]);
  expect(values('checkouts')).toHaveLength(4);
  expect(values('attention_open')).toEqual([1]);
});

test('reports stranded and resumed checkouts, and when the last check ran', async () => {
  const [stranded, ended] = [await accepted(world.db), await accepted(world.db)];
  const ids = [stranded.checkoutId, ended.checkoutId];
  await world.db.query(`update checkouts set stranded_at = now() where id = any($1)`, [ids]);
  await world.db.query(`update checkouts set ended_at = now() where id = $1`, [ended.checkoutId]);
  await world.db.query(`insert into resumes (checkout_id, number, found) values ($1, 1, 'gone')`, [ended.checkoutId]);
  world.clock.advance(FRESH_MS);
  const before = await scrape();
  await world.db.query(`update reconciler set looked_at = now() - interval '70 s'`);
  world.clock.advance(FRESH_MS);

  const { values } = await scrape();

  expect([values('stranded'), values('resumes_total')]).toEqual([[1], [1]]);
  expect(before.values('reconciler_looked_seconds')).toEqual([Infinity]);
  expect(values('reconciler_looked_seconds')[0]).toBeGreaterThanOrEqual(70);
});

test('counts requests by route and status, with no label value that a client made up', async () => {
  const key = aKey();
  const id = idOf(await place(world.app, { key }));
  const get = (url: string) => world.app.inject({ url, headers: { authorization: 'Bearer sk_sandbox_acme' } });
  for (const url of [`/v1/checkouts/${id}`, `/v1/checkouts/${id}`, '/v1/checkouts/chk_none', '/made-up?acme'])
    await get(url);

  const { answer, values } = await scrape();

  const counted = (method: string, route: string, status: string) =>
    values('http_request_duration_seconds', { method, route, status, le: '+Inf' })[0];
  expect(counted('POST', '/v1/checkouts', '202')).toBe(1);
  expect(counted('GET', '/v1/checkouts/:id', '200')).toBe(2);
  expect(counted('GET', '/v1/checkouts/:id', '404')).toBe(1);
  expect(counted('GET', 'none', '404')).toBe(1);
  for (const secret of [id, key, 'acme', 'made-up', 'chk_', 'ada@example.com', 'tok_visa']) {
    expect(answer.body).not.toContain(secret);
  }
});

test('reports memory and event loop lag of this process', async () => {
  const { metrics } = await scrape();

  for (const name of [
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_p99_seconds',
  ]) {
    expect([name, metrics.get(name)?.samples.length]).toEqual([name, 1]);
  }
});

test('reports the connections of this process and of all processes', async () => {
  const before = (await scrape()).values('postgres_sessions_total')[0] ?? NaN;
  const other = openDatabase(world.databaseUrl, { connections: 1, onIdleError: () => undefined });
  await other.query('select');
  await other.close();
  // Postgres counts a session when it ends.
  const after = await eventually(async () => {
    world.clock.advance(FRESH_MS);
    const [sessions = NaN] = (await scrape()).values('postgres_sessions_total');
    return sessions > before ? sessions : undefined;
  });
  const { values } = await scrape();

  expect(after).toBeGreaterThan(before);
  expect(values('postgres_connections_opened_total')).toEqual([world.db.connectionsOpened()]);
});

test('queries Postgres at most once in five seconds, however often it is scraped', async () => {
  let asked = 0;
  const outboxLag = async () => {
    asked += 1;
    return [];
  };
  const other = await apiWorld({ outbox: { ...world.options.outbox, outboxLag }, now: world.clock.now });
  await Promise.all(Array.from({ length: 20 }, () => scrape(other.app)));
  world.clock.advance(FRESH_MS - 1);
  await scrape(other.app);
  const before = asked;
  world.clock.advance(1);
  await scrape(other.app);
  await other.close();

  expect([before, asked]).toEqual([1, 2]);
});

test.each([
  ['fails', () => Promise.reject(new Error('away'))],
  ['does not answer', () => new Promise<never>(() => undefined)],
])('while Postgres %s, reports on the process itself and leaves out the rest', async (_how, outboxLag) => {
  const other = await apiWorld({ outbox: { ...world.options.outbox, outboxLag } });
  const { answer, metrics, values } = await scrape(other.app);
  await other.close();

  expect(answer.statusCode).toBe(200);
  expect(values('postgres_up')).toEqual([0]);
  for (const name of [
    'postgres_sessions_total',
    'outbox_oldest_seconds',
    'outbox_parked',
    'checkouts',
    'attention_open',
  ]) {
    expect([name, values(name)]).toEqual([name, []]);
  }
  expect(metrics.get('process_resident_memory_bytes')?.samples).toHaveLength(1);
});

test('reports calls to providers and those that are left alone, without tenants and accounts', async () => {
  const breaker = (tenant: string, state: string, seen = '1 s') =>
    world.db.query(
      `insert into provider_breakers (process, tenant, role, adapter, state, since, seen_at)
       values (gen_random_uuid(), $1, 'carrier', 'http acct_1', $2, now(), now() - $3::interval)`,
      [tenant, state, seen],
    );
  await breaker('acme', 'closed');
  await breaker('acme', 'open');
  await breaker('globex', 'half-open');
  await breaker('initech', 'closed');
  await breaker('hooli', 'open', '3 minutes');
  await world.db.query(`insert into provider_calls values ('carrier', 'http', 'timed-out', 7, 56.5)`);
  world.clock.advance(FRESH_MS);

  const { values, answer } = await scrape();

  expect(values('provider_breakers_open', { role: 'carrier' })).toEqual([2]);
  expect(values('provider_breakers_open', { role: 'payments' })).toEqual([0]);
  const labels = { role: 'carrier', adapter: 'http', outcome: 'timed-out' };
  expect(values('provider_calls_total', labels)).toEqual([7]);
  expect(values('provider_call_seconds_total', labels)).toEqual([56.5]);
  expect(answer.body).not.toMatch(/acct_1|globex/);
});
