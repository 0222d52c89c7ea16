import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OrderKey } from '../../../src/contract/checkout';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { eventually } from '../../support/eventually';
import { callsWorld, failing, LATE, processor } from './calls-world';
import type { CallsWorld } from './calls-world';

let world: CallsWorld;
beforeAll(async () => (world = await callsWorld()));
afterAll(() => world.close());
const setup: CallsWorld['setup'] = (...args) => world.setup(...args);

const attemptsOf = async ({ checkoutId }: OrderKey) =>
  (
    await world.db.query<{ outcome: string }>(
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
  const silent = { ...port, find: undefined } as unknown as typeof port;

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
  const { rows } = await world.db.query(`select uncertain_steps from checkouts where id = $1`, [order.checkoutId]);
  expect(rows).toEqual([{ uncertain_steps: ['payment-authorized'] }]);
});

test('a call that was turned away leaves no doubt behind', async () => {
  const { authorize, order } = await setup();
  const { port } = processor({ authorize: failing(new ProviderFault('refused-call', 'Status 400')) });

  await authorize(port).catch(() => undefined);

  await anAttempt(order);
  const { rows } = await world.db.query(`select uncertain_steps from checkouts where id = $1`, [order.checkoutId]);
  expect(rows).toEqual([{ uncertain_steps: [] }]);
});
