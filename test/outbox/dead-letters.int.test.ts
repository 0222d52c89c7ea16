import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listParked } from '../../src/outbox/operators/dead-letters';
import type { ParkedQuery } from '../../src/outbox/operators/dead-letters';
import { lanesOf } from '../support/outbox-lanes';
import { outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());
beforeEach(() => world.db.query(`truncate outbox_cursors, outbox_parked, outbox_events`));

/** Every order's second event fails; those in shard 1 may be retried. */
async function parkedIn(sink: RecordingSink, shards: readonly number[]): Promise<string[]> {
  const orders: string[] = [];
  for (const shard of shards) {
    const order = await world.newCheckout(shard);
    orders.push(order);
    await world.emit(order, 3);
  }
  sink.script = ({ event }) =>
    event.sequence === 2
      ? { status: 'failed', reason: 'cannot be read', retry: event.checkoutId.startsWith('chk_01') }
      : { status: 'delivered' };
  await (await lanesOf(world.db, sink)).passUntilIdle();
  return orders;
}

const list = (query: Partial<ParkedQuery> = {}) =>
  listParked(world.db, { sink: null, state: 'dead', limit: 100, after: null, ...query });

test('a dead letter says which event it is, of which order, why it failed and since when', async () => {
  const [order] = await parkedIn(new RecordingSink('mail'), [0]);

  const { events, next } = await list();

  const { rows } = await world.db.query<{ id: string }>(`select id from outbox_events where sequence = 2`);
  expect(next).toBeNull();
  expect(events).toEqual([
    {
      ...{ sink: 'mail', target: '', checkoutId: order, sequence: 2, type: 'order.cancelled', eventId: rows[0]?.id },
      ...{ attempts: 1, reason: 'cannot be read', nextAttemptAt: null },
      parkedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  ]);
});

test('lists retrying events, and those parked behind others, separately', async () => {
  const [dead, waiting] = await parkedIn(new RecordingSink(), [0, 1]);
  const names = async (query: Partial<ParkedQuery>) =>
    (await list(query)).events.map(({ checkoutId, sequence }) => `${checkoutId}/${sequence}`);

  expect(await names({ state: 'dead' })).toEqual([`${dead}/2`]);
  expect(await names({ state: 'waiting' })).toEqual([`${waiting}/2`]);
  expect(await names({ state: 'behind' })).toEqual([`${dead}/3`, `${waiting}/3`].sort());
  expect((await list({ state: 'waiting' })).events[0]?.nextAttemptAt).not.toBeNull();
});

test('pages show each event once while others come and go', async () => {
  const orders = await parkedIn(new RecordingSink('one'), [0, 2, 3, 4, 5]);
  await parkedIn(new RecordingSink('two'), []);
  const first = await list({ sink: 'one', limit: 2 });
  await world.db.query(`delete from outbox_parked where sink = 'one' and aggregateid = $1`, [
    first.events[0]?.checkoutId,
  ]);
  const second = await list({ sink: 'one', limit: 2, after: first.next });
  const third = await list({ sink: 'one', limit: 2, after: second.next });

  const seen = [first, second, third].flatMap(({ events }) => events.map((event) => event.checkoutId));
  expect(seen).toEqual([...orders].sort());
  expect(third.next).toBeNull();
  expect((await list({ sink: 'two' })).events).toHaveLength(5);
});
