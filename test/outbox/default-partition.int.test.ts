import { afterAll, expect, test } from '@jest/globals';
import { startLoop } from '../../src/runtime/loop';
import { dropPartitions, KEPT_DAYS, makePartitions } from '../../src/outbox/log/partitions';
import { pino } from 'pino';
import { eventually } from '../support/eventually';
import { laneByHand, pass } from '../support/lane-by-hand';
import { nameOf, outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

const worlds: OutboxWorld[] = [];
afterAll(() => Promise.all(worlds.map((each) => each.close())));

/** A log whose relays have been down so long that neither today nor the days before have a partition. */
async function setup() {
  const world = await outboxWorld();
  worlds.push(world);
  const { db } = world;
  await db.query(`do $$ declare day regclass; begin
    for day in select inhrelid::regclass from pg_inherits where inhparent = 'outbox_events'::regclass
                and inhrelid <> 'outbox_events_default'::regclass
    loop execute 'drop table ' || day; end loop; end $$`);
  const inDefault = async () => (await db.query(`select from outbox_events_default`)).rowCount;
  const emitDaysAgo = async (checkoutId: string, sequence: number, days: number) =>
    db.query(
      `insert into outbox_events (aggregateid, sequence, type, payload, tenant, occurred_at)
       values ($1, $2, 'order.cancelled', '{}', 'acme', now() - $3 * interval '1 day')`,
      [checkoutId, sequence, days],
    );
  return { ...world, inDefault, emitDaysAgo };
}

test('moves events from the default partition into new partitions of their days, unchanged', async () => {
  const world = await setup();
  const [first, second] = [await world.newCheckout(0), await world.newCheckout(0)];
  await world.emitDaysAgo(first, 1, 3);
  await world.emitDaysAgo(second, 1, 1);
  const text = `select event::text from outbox_events event order by position`;
  const before = await world.db.query(text);

  const made = await makePartitions(world.db);

  // Two days in the past, today, and the week ahead.
  expect(made).toEqual({ made: 10, adopted: 2, gaveWay: 0 });
  expect(await world.inDefault()).toBe(0);
  expect((await world.db.query(text)).rows).toEqual(before.rows);
});

test("creates today's partition while orders are appended and read, without losing or repeating events", async () => {
  const world = await setup();
  const orders = await Promise.all([0, 8, 16, 24].map((shard) => world.newCheckout(shard)));
  const sink = new RecordingSink();
  const lane = await laneByHand(world, sink);
  let emitted = 0;
  const emitting = orders.map((id) =>
    startLoop('emit', async () => world.emit(id, 5).then(() => ((emitted += 5), 1)), { restMs: 0, full: 1, logger }),
  );
  const reading = startLoop('read', async () => pass(world, lane).then(() => 1), { restMs: 0, full: 1, logger });
  await eventually(() => (emitted > 100 ? true : undefined));

  await eventually(async () => ((await makePartitions(world.db)).adopted > 0 ? true : undefined));
  const then = emitted;
  await eventually(() => (emitted > then + 100 ? true : undefined));
  await Promise.all(emitting.map((loop) => loop.stop()));
  await reading.stop();
  await pass(world, lane);

  expect(await world.inDefault()).toBe(0);
  const names = sink.taken.map(({ event }) => nameOf(event));
  expect(names).toHaveLength(emitted);
  expect(new Set(names).size).toBe(emitted);
  for (const id of orders) {
    const own = sink.taken.filter(({ event }) => event.checkoutId === id).map(({ event }) => event.sequence);
    expect(own).toEqual(own.map((_, at) => at + 1));
  }
});

test('drops events from the default partition when their day is old and every sink has read them', async () => {
  const world = await setup();
  await world.emitDaysAgo(await world.newCheckout(), 1, KEPT_DAYS + 2);
  await makePartitions(world.db);

  expect((await dropPartitions(world.db)).dropped).toHaveLength(1);
});

test('gives way to another transaction and says so, and the next pass succeeds', async () => {
  const world = await setup();
  await world.emitDaysAgo(await world.newCheckout(), 1, 4);
  const reader = await world.openTransaction();
  await reader.tx.query(`select from outbox_events_default`);

  const gave = await makePartitions(world.db);
  const meanwhile = await world.db.query(`select from only outbox_events_default`);
  await reader.end('rollback');

  expect(gave).toEqual({ made: 0, adopted: 0, gaveWay: 9 });
  expect(meanwhile.rowCount).toBe(1);
  expect(await makePartitions(world.db)).toEqual({ made: 9, adopted: 1, gaveWay: 0 });
});

const logger = pino({ level: 'silent' });
