import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { providerKey } from '../../../src/ports/provider-key';
import { accepted } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { AMOUNT, callsWorld, failing, LATE, PLACE, processor } from './calls-world';
import type { CallsWorld } from './calls-world';

let world: CallsWorld;
beforeAll(async () => (world = await callsWorld()));
afterAll(() => world.close());
const setup: CallsWorld['setup'] = (...args) => world.setup(...args);

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

test('ends a step that has no time for another attempt by a pause beyond its budget, so that operators read its last fault', async () => {
  const begunMs = 1_000_000;
  const budget = { scheduledTimestampMs: begunMs, scheduleToCloseTimeoutMs: 60_000, startToCloseTimeoutMs: 10_000 };
  const failureAfter = async (ms: number) => {
    const { authorize } = await setup();
    const { port } = processor({ authorize: failing(new ProviderFault('server-error', 'It answered 503')) });
    const info = { ...budget, currentAttemptScheduledTimestampMs: begunMs + ms };
    return authorize(port, info).catch((error: unknown) => error);
  };

  expect(await failureAfter(30_000)).toMatchObject({ message: 'It answered 503', nonRetryable: false });
  expect(await failureAfter(59_900)).toMatchObject({ nextRetryDelay: 60_000, nonRetryable: false });
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
  const refusing = { ...world.db, query: () => Promise.reject(new Error('Somebody asked Postgres')) };
  const { authorize, lines } = await setup(refusing);

  await authorize(processor().port);

  expect(lines).toHaveLength(1);
});

test('the fault is thrown although its row cannot be written', async () => {
  const broken = { ...world.db, query: () => new Promise<never>(() => undefined) };
  const { authorize } = await setup(broken);
  const { port } = processor({ authorize: failing(LATE) });

  await expect(authorize(port)).rejects.toMatchObject({ message: LATE.message });
});

test('writes breakers and figures for the tools', async () => {
  const { calls } = await setup();
  const place = { ...PLACE, tenant: 'globex', adapter: 'stripe acct_1' };
  const { port } = processor({ authorize: failing(LATE) });
  const guarded = calls.guarded(port, place);
  for (let time = 0; time < 5; time += 1) {
    const { checkoutId } = await accepted(world.db);
    await guarded
      .authorize({ key: providerKey(checkoutId, 'payment-authorized'), amount: AMOUNT, token: 't' })
      .catch(() => 0);
  }

  const [row] = await eventually(async () => {
    const { rows } = await world.db.query(
      `select tenant, role, adapter, state, now() - since < interval '1 minute' as recent
         from provider_breakers where tenant = 'globex'`,
    );
    return rows.length > 0 ? rows : undefined;
  });
  expect(row).toEqual({ ...place, state: 'open', recent: true });
  await calls.stop();
  const figures = await world.db.query(`select adapter, calls from provider_calls where adapter = 'stripe'`);
  expect(figures.rows).toEqual([{ adapter: 'stripe', calls: 5n }]);
  const left = await world.db.query(`select from provider_breakers where tenant = 'globex'`);
  expect(left.rowCount).toBe(0);
});
