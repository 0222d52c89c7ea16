import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resourceIdOf } from '../../src/idempotency/key';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

async function tracesOfEvents(key: string): Promise<(string | null)[]> {
  const checkoutId = resourceIdOf('chk', 'acme', key);
  await world.activities.createOrder({ checkoutId, tenant: 'acme' });
  const { rows } = await world.db.query<{ traceparent: string | null }>(
    `select traceparent from outbox_events where aggregateid = $1`,
    [checkoutId],
  );
  return rows.map(({ traceparent }) => traceparent);
}

test('events of a checkout continue the trace of the request that placed it, not of a repeated one', async () => {
  const key = aKey();
  const first = await place(world.app, { key, headers: { traceparent: TRACE } });
  const again = await place(world.app, { key, headers: { traceparent: OTHER } });

  expect(again.body).toBe(first.body);
  expect(await tracesOfEvents(key)).toEqual([TRACE]);
});

test.each([
  ['nothing', ''],
  ['another version', TRACE.replace('00-', 'ff-')],
  ['zeros', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
  ['hostile text', "00-'; drop table checkouts; --"],
])('ignores a traceparent of %s', async (_what, traceparent) => {
  const key = aKey();
  const response = await place(world.app, { key, headers: { traceparent } });

  expect(response.statusCode).toBe(202);
  expect(await tracesOfEvents(key)).toEqual([null]);
});
