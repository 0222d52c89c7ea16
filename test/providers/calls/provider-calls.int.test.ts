import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import type { OrderKey } from '../../../src/contract/checkout';
import type { PaymentGateway } from '../../../src/ports/payment-gateway';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { providerKey } from '../../../src/ports/provider-key';
import { openDatabase } from '../../../src/postgres/database';
import type { Database } from '../../../src/postgres/database';
import { activityAttempts } from '../../../src/providers/calls/activity-attempts';
import { providerCalls } from '../../../src/providers/calls/provider-calls';
import { accepted } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { createTestDatabase } from '../../support/template-database';
import type { TestDatabase } from '../../support/template-database';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { connections: 5, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const PLACE = { role: 'payments', tenant: 'acme', adapter: 'http acct_1' } as const;
const AMOUNT = { minor: 3_000n, currency: 'USD' };
const AUTHORIZED = { outcome: 'authorized', reference: 'auth_1' } as const;

/** A processor that does as told and records what it was asked. */
function processor(script: Partial<Record<'authorize' | 'find', () => Promise<unknown>>> = {}) {
  const asked: string[] = [];
  const answering = (verb: 'authorize' | 'find') => async () => {
    asked.push(verb);
    return (script[verb]?.() ?? AUTHORIZED) as never;
  };
  const port: PaymentGateway = {
    authorize: answering('authorize'),
    find: answering('find'),
    void: async () => void asked.push('void'),
    capture: async () => ({ outcome: 'captured', reference: 'cap_1' }),
    refund: async () => ({ outcome: 'rejected', reason: 'closed' }),
  };
  return { port, asked };
}

const failing = (fault: ProviderFault) => () => Promise.reject(fault);
const LATE = new ProviderFault('timed-out', 'The provider did not answer');

async function setup(with_: Database = db) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  const clock = { ms: 1_000 };
  const calls = providerCalls({ db: with_, logger, now: () => clock.ms });
  const order = await accepted(db);
  const request = { key: providerKey(order.checkoutId, 'payment-authorized'), amount: AMOUNT, token: 'tok_visa' };
  const authorize = (port: PaymentGateway, info: Partial<Info> = {}, place: object = {}) =>
    new MockActivityEnvironment(info, { interceptors: [activityAttempts] }).run(() =>
      calls.guarded(port, { ...PLACE, ...place }).authorize(request),
    );
  return { calls, clock, lines, order, request, authorize };
}

const attemptsOf = async ({ checkoutId }: OrderKey) =>
  (
    await db.query<{ outcome: string }>(
      `select step, role, adapter, verb, attempt, outcome, round(extract(epoch from next_at - at))::integer as "nextSeconds"
         from provider_attempts where checkout_id = $1 order by at`,
      [checkoutId],
    )
  ).rows;

const anAttempt = (order: OrderKey) => eventually(async () => ((await attemptsOf(order)).length ? true : undefined));

test('a first attempt asks nothing first', async () => {
  const { authorize } = await setup();
  const { port, asked } = processor();

  await authorize(port);
  await authorize(port, { isLocal: true });

  expect(asked).toEqual(['authorize', 'authorize']);
});

test.each([
  ['a later attempt', { attempt: 2 }, {}],
  ['an order whose step is uncertain', {}, { uncertain: true }],
])('%s asks what has become of the key, and acts no more if it has acted', async (_what, info, place) => {
  const { authorize } = await setup();
  const { port, asked } = processor({ find: async () => ({ outcome: 'authorized', reference: 'auth_0' }) });

  const answer = await authorize(port, info, place);

  expect(answer).toEqual({ outcome: 'authorized', reference: 'auth_0' });
  expect(asked).toEqual(['find']);
});

test('acts if the provider has never seen the key, or cannot be asked', async () => {
  const { authorize } = await setup();
  const unseen = processor({ find: async () => ({ outcome: 'unseen' }) });
  const { port, asked } = processor();
  const { find: _, ...silent } = port;

  await authorize(unseen.port, { attempt: 2 });
  await authorize(silent, { attempt: 2 });

  expect([...unseen.asked, ...asked]).toEqual(['find', 'authorize', 'authorize']);
});

test('the regular attempt after a local one that got no answer asks first', async () => {
  const { authorize } = await setup();
  const { port, asked } = processor({ authorize: failing(LATE) });
  await authorize(port, { isLocal: true }).catch(() => undefined);

  await authorize(port);

  expect(asked).toEqual(['authorize', 'find']);
});

test('keeps a row of a failed attempt, and notes with the order that its step may have acted', async () => {
  const { authorize, order } = await setup();
  const { port } = processor({ authorize: failing(LATE), find: failing(LATE) });

  await authorize(port, { attempt: 3, retryPolicy: { initialInterval: 4_000 }, scheduleToCloseTimeoutMs: 0 }).catch(
    () => 0,
  );

  await anAttempt(order);
  const [attempt, ...others] = await attemptsOf(order);
  expect(others).toEqual([]);
  expect(attempt).toMatchObject({ step: 'payment-authorized', role: 'payments', adapter: 'http acct_1' });
  expect(attempt).toMatchObject({ verb: 'authorize', attempt: 3, outcome: 'timed-out' });
  const { nextSeconds } = attempt as unknown as { nextSeconds: number };
  expect(nextSeconds).toBeGreaterThanOrEqual(12);
  expect(nextSeconds).toBeLessThanOrEqual(20);
  const { rows } = await db.query(`select uncertain_steps from checkouts where id = $1`, [order.checkoutId]);
  expect(rows).toEqual([{ uncertain_steps: ['payment-authorized'] }]);
});

test('a call that was turned away leaves no doubt behind', async () => {
  const { authorize, order } = await setup();
  const { port } = processor({ authorize: failing(new ProviderFault('refused-call', 'Status 400')) });

  await authorize(port).catch(() => undefined);

  await anAttempt(order);
  const { rows } = await db.query(`select uncertain_steps from checkouts where id = $1`, [order.checkoutId]);
  expect(rows).toEqual([{ uncertain_steps: [] }]);
});

test('tells Temporal when to come back: not earlier than the provider asked for, and without a stack trace', async () => {
  const { authorize } = await setup();
  const busy = new ProviderFault('rate-limited', 'The provider is busy', { retryAfterMs: 7_000 });
  const { port } = processor({ authorize: failing(busy) });

  const failure = await authorize(port, { scheduleToCloseTimeoutMs: 0 }).catch((error: unknown) => error);

  expect(failure).toMatchObject({ type: 'ProviderFault', message: 'The provider is busy', category: 'BENIGN' });
  const { nextRetryDelay } = failure as { nextRetryDelay: number };
  expect(nextRetryDelay).toBeGreaterThanOrEqual(7_000);
  expect(nextRetryDelay).toBeLessThanOrEqual(8_400);
});

test('leaves a provider alone for as long as it asked, also after a local attempt', async () => {
  const { authorize, clock } = await setup();
  const busy = new ProviderFault('rate-limited', 'The provider is busy', { retryAfterMs: 7_000 });
  const { port, asked } = processor({ authorize: failing(busy) });
  await authorize(port, { isLocal: true }).catch(() => undefined);
  clock.ms += 3_000;

  const failure = await authorize(port, { scheduleToCloseTimeoutMs: 0 }).catch((error: unknown) => error);

  expect(asked).toEqual(['authorize']);
  expect((failure as { nextRetryDelay: number }).nextRetryDelay).toBeGreaterThanOrEqual(4_000);
  clock.ms += 4_000;
  await authorize(port).catch(() => undefined);
  expect(asked).toEqual(['authorize', 'authorize']);
});

test('a declined card is one info line, without a stack trace', async () => {
  const { authorize, lines, request } = await setup();
  const { port } = processor({ authorize: async () => ({ outcome: 'declined', reason: 'insufficient_funds' }) });

  await authorize(port);

  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 30, ...PLACE, verb: 'authorize', key: request.key, attempt: 1, ms: 0 });
  expect(lines[0]).toMatchObject({ outcome: 'declined' });
  expect(JSON.stringify(lines)).not.toMatch(/tok_visa|insufficient|stack/);
});

test('a fault is one warning with its sentence and what the system calls it, and nothing that was sent', async () => {
  const { authorize, lines } = await setup();
  const cause = Object.assign(new Error('connect ECONNREFUSED tok_visa'), { code: 'ECONNREFUSED' });
  const { port } = processor({ authorize: failing(new ProviderFault('unreachable', 'It is away', { cause })) });

  await authorize(port).catch(() => undefined);

  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 40, outcome: 'unreachable', code: 'ECONNREFUSED', msg: 'It is away' });
  expect(JSON.stringify(lines)).not.toMatch(/tok_visa|stack/);
});

test.each([
  [
    'throws what is no fault',
    async () => Promise.reject(new TypeError('tok_visa is not a function')),
    'unusable-answer',
  ],
  ['answers what its port does not know', async () => ({ outcome: 'perhaps' }), 'unknown-outcome'],
  ['answers nothing', async () => undefined, 'unknown-outcome'],
])('an adapter that %s has a fault of its own', async (_what, authorizing, fault) => {
  const { calls, request, lines } = await setup();
  const { port } = processor();

  const guarded = calls.guarded({ ...port, authorize: authorizing as never }, PLACE);
  const thrown = await guarded.authorize(request).catch((error: unknown) => error);

  expect(thrown).toMatchObject({ fault, mayHaveActed: true });
  expect(JSON.stringify(lines) + String(thrown)).not.toContain('tok_visa');
});

test('a call that succeeds costs Postgres nothing', async () => {
  const refusing = { ...db, query: () => Promise.reject(new Error('Somebody asked Postgres')) };
  const { authorize, lines } = await setup(refusing);

  await authorize(processor().port);

  expect(lines).toHaveLength(1);
});

test('the fault is thrown although its row cannot be written', async () => {
  const broken = { ...db, query: () => new Promise<never>(() => undefined) };
  const { authorize } = await setup(broken);
  const { port } = processor({ authorize: failing(LATE) });

  await expect(authorize(port)).rejects.toMatchObject({ message: LATE.message });
});

test('writes breakers and figures for the tools', async () => {
  const { calls } = await setup();
  const place = { ...PLACE, tenant: 'globex', adapter: 'stripe acct_1' };
  const { port } = processor({ authorize: failing(LATE) });
  const guarded = calls.guarded(port, place);
  for (const _each of Array(5)) {
    const { checkoutId } = await accepted(db);
    await guarded
      .authorize({ key: providerKey(checkoutId, 'payment-authorized'), amount: AMOUNT, token: 't' })
      .catch(() => 0);
  }

  const [row] = await eventually(async () => {
    const { rows } = await db.query(
      `select tenant, role, adapter, state, now() - since < interval '1 minute' as recent
         from provider_breakers where tenant = 'globex'`,
    );
    return rows.length > 0 ? rows : undefined;
  });
  expect(row).toEqual({ ...place, state: 'open', recent: true });
  await calls.stop();
  const figures = await db.query(`select adapter, calls from provider_calls where adapter = 'stripe'`);
  expect(figures.rows).toEqual([{ adapter: 'stripe', calls: 5n }]);
  const left = await db.query(`select from provider_breakers where tenant = 'globex'`);
  expect(left.rowCount).toBe(0);
});
