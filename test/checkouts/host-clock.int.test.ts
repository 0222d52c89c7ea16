import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sweepUnstarted } from '../../src/checkouts/sweep-unstarted';
import type { Workflows } from '../../src/checkouts/workflows';
import { startApiProcess } from '../support/api-process';
import { aKey, aRequest } from '../support/builders';
import { checkoutWorld } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { parsePrometheus } from '../support/prometheus-text';
import { shiftedClock } from '../support/shifted-clock';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let world: CheckoutWorld;
beforeAll(async () => (world = await checkoutWorld()));
afterAll(() => world.close());

const startApi = (shiftMs: number) =>
  startApiProcess({ ...shiftedClock(shiftMs), DATABASE_URL: world.databaseUrl, TEMPORAL_ADDRESS: '127.0.0.1:1' });

/** Places a checkout through an API whose host clock is wrong, then kills that API. Temporal is down, so the sweep finds the checkout. */
async function placedThrough(shiftMs: number): Promise<string> {
  const api = await startApi(shiftMs);
  try {
    const response = await fetch(`${api.address}/v1/checkouts`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk_sandbox_acme',
        'content-type': 'application/json',
        'idempotency-key': aKey(),
      },
      body: JSON.stringify(aRequest()),
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  } finally {
    api.kill();
  }
}

const HOSTS: readonly [string, number][] = [
  ['twenty minutes behind', -20 * MINUTE_MS],
  ['ten days behind', -10 * DAY_MS],
  ['ten days ahead', 10 * DAY_MS],
];

/** A Temporal without workflows that accepts every start. */
const takesEveryStart: Workflows = { call: async () => undefined as never, startOptions: {} };

test.each(HOSTS)('a checkout placed through an API %s has the age that the database says', async (_, shiftMs) => {
  const id = await placedThrough(shiftMs);

  await sweepUnstarted(world.db, takesEveryStart);
  await world.activities.createOrder({ checkoutId: id, tenant: 'acme' });
  await world.activities.cancelOrder({
    checkoutId: id,
    tenant: 'acme',
    because: 'Cancelled',
    sentence: 'The checkout was cancelled.',
  });

  const { rows } = await world.db.query(
    `select refusal, accepted_at > now() - interval '1 minute' as young, accepted_at <= ended_at as "inOrder"
       from checkouts where id = $1`,
    [id],
  );
  expect(rows).toEqual([{ refusal: 'Cancelled', young: true, inOrder: true }]);
});

test('a host whose clock is off reports it in its log and as a metric', async () => {
  // The metric shows the clock that is farthest off, which may be one of those killed above.
  await world.db.query(`delete from host_clocks`);
  const api = await startApi(-20 * MINUTE_MS);
  const ahead = async () => {
    const text = await (await fetch(`${api.address}/metrics`)).text();
    return parsePrometheus(text).get('durable_checkout_clock_ahead_seconds')?.samples;
  };

  const samples = await eventually(async () => {
    const found = await ahead();
    return found?.length && api.output().includes("this host's clock is off") ? found : undefined;
  });
  api.kill();

  expect(samples).toMatchObject([{ labels: { process: 'api' } }]);
  expect(samples[0]?.value).toBeLessThan(-19 * 60);
});

test('a host whose clock is right reports nothing', async () => {
  const api = await startApi(0);
  await eventually(async () =>
    (await world.db.query(`select from host_clocks where abs(ahead_seconds) < 2`)).rowCount === 1 ? true : undefined,
  );
  api.kill();

  expect(api.output()).not.toContain('clock');
});
