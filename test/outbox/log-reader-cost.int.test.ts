import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readPage } from '../../src/outbox/log/log-reader';
import type { Place } from '../../src/outbox/log/log-reader';
import { concerns, pollLog } from '../../src/outbox/log/log-poll';
import type { LogPoll } from '../../src/outbox/log/log-poll';
import { ALL_SHARDS } from '../../src/outbox/log/shards';
import type { Queryable } from '../../src/postgres/database';
import { placeNow } from '../support/log-walk';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

/** So many that reading them all would show. */
const OLD_EVENTS_OF_A_DAY = 50_000;
/** For one new event, with some margin for what lies on the way in sixteen partitions. */
const A_HANDFUL = 20n;

let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
  const old = await world.newCheckout();
  for (const daysAgo of [1, 0]) {
    await world.db.query(`select ensure_outbox_partition((now() at time zone 'UTC')::date - $1::integer)`, [daysAgo]);
    await world.db.query(
      `insert into outbox_events (aggregateid, sequence, type, payload, tenant, occurred_at)
       select $1, n, 'order.cancelled', '{}', 'acme', now() - $2 * interval '1 day'
         from generate_series(1, $3::integer) n`,
      [old, daysAgo, OLD_EVENTS_OF_A_DAY],
    );
  }
  await world.db.query('analyze');
});
afterAll(() => world.close());

/** How many rows and index entries of the log `read` touches. */
const touchedBy = (read: (db: Queryable) => Promise<unknown>): Promise<bigint> =>
  world.db.transaction(async (tx) => {
    const before = await touched(tx);
    await read(tx);
    return (await touched(tx)) - before;
  });

async function touched(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ count: bigint }>(
    `select sum(pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid))::bigint as count
       from pg_class
      where relname ~ '^outbox_events'`,
  );
  return rows[0]?.count ?? 0n;
}

test('one new event costs a handful of rows, however long the log is and however often the statement was planned', async () => {
  const checkoutId = await world.newCheckout();
  let place = await placeNow(world.db);
  const costs: bigint[] = [];

  for (let time = 0; time < 12; time += 1) {
    await world.emit(checkoutId);
    costs.push(
      await touchedBy(async (db) => {
        const page = await readPage(db, { shard: 0, place, limit: 100 });
        expect(page.events).toHaveLength(1);
        place = page.next;
      }),
    );
  }

  expect(costs.filter((each) => each > A_HANDFUL)).toEqual([]);
});

test('a long open transaction neither stalls the reader nor makes it read anything again', async () => {
  const [busy, other] = [await world.newCheckout(), await world.newCheckout()];
  let place = await placeNow(world.db);
  const long = await world.openTransaction();
  await long.tx.query(`insert into processed_events (consumer, event_id) values ('long', gen_random_uuid())`);
  await long.lock(other);
  await long.append(other);
  const read: number[] = [];
  const costs: bigint[] = [];

  for (let time = 0; time < 30; time += 1) {
    await world.emit(busy);
    costs.push(
      await touchedBy(async (db) => {
        const page = await readPage(db, { shard: 0, place, limit: 100 });
        read.push(...page.events.map(({ sequence }) => sequence));
        place = page.next;
      }),
    );
  }
  await long.end('commit');

  expect(read).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  expect(costs.filter((each) => each > A_HANDFUL)).toEqual([]);
});

test('a page of a difference of a hundred thousand events costs one page', async () => {
  const first = await readPage(world.db, { shard: 0, place: { snapshot: '1:1:', within: null }, limit: 100 });
  let place: Place = first.next;

  for (let page = 0; page < 8; page += 1) {
    const cost = await touchedBy(async (db) => {
      const { events, next } = await readPage(db, { shard: 0, place, limit: 100 });
      expect(events).toHaveLength(100);
      place = next;
    });
    expect(cost).toBeLessThan(2_000n);
  }
});

test('a poll costs a handful of rows too, and names the shards and types with something new', async () => {
  const checkoutIds = [await world.newCheckout(2), await world.newCheckout(5)];
  const late = await world.openTransaction();
  const lateId = await world.newCheckout(7);
  await late.lock(lateId);
  await late.append(lateId);
  const { snapshot } = await placeNow(world.db);
  for (const id of checkoutIds) await world.emit(id);
  await late.end('commit');
  const polls: LogPoll[] = [];

  const cost = await touchedBy(async (db) => polls.push(await pollLog(db, snapshot)));

  const concerned = (types?: string[]) => ALL_SHARDS.filter((shard) => polls[0] && concerns(polls[0], shard, types));
  expect(concerned()).toEqual([2, 5, 7]);
  expect(concerned(['label.generated', 'order.cancelled'])).toEqual([2, 5, 7]);
  expect(concerned(['label.generated'])).toEqual([]);
  expect(cost).toBeLessThan(A_HANDFUL);
});

test('a poll that finds very much wakes every lane', async () => {
  const { snapshot } = await placeNow(world.db);
  await world.emit(await world.newCheckout(), 200);

  const poll = await pollLog(world.db, snapshot);
  expect(ALL_SHARDS.map((shard) => concerns(poll, shard, ['label.generated']))).toEqual(ALL_SHARDS.map(() => true));
});

test('a statement planned for an empty day is still cheap on a full day, before any statistics', async () => {
  const empty = await outboxWorld();
  const checkoutId = await empty.newCheckout();
  const costs: bigint[] = [];

  await empty.db.transaction(async (tx) => {
    const place = await placeNow(tx);
    const look = async () => {
      const before = await touched(tx);
      await readPage(tx, { shard: 0, place, limit: 1_000 });
      await pollLog(tx, place.snapshot);
      costs.push((await touched(tx)) - before);
    };
    for (let time = 0; time < 10; time += 1) await look();
    await tx.query(
      `insert into outbox_events (aggregateid, sequence, type, payload, tenant)
       select $1, n, 'order.cancelled', '{}', 'acme' from generate_series(1, $2::integer) n`,
      [checkoutId, OLD_EVENTS_OF_A_DAY],
    );
    await look();
  });
  await empty.close();

  // A page and a poll of what is new, which is a lot.
  expect(costs.at(-1)).toBeLessThan(10_000n);
});

test('a reader at the end of a long log finds nothing without scanning it', async () => {
  const place = await placeNow(world.db);
  const blocks = async (db: Queryable) => {
    const { rows } = await db.query<{ count: bigint }>(
      `select sum(pg_stat_get_xact_blocks_fetched(oid))::bigint as count from pg_class where relname ~ '^outbox_events'`,
    );
    return rows[0]?.count ?? 0n;
  };

  const read = await world.db.transaction(async (tx) => {
    const before = await blocks(tx);
    for (let time = 0; time < 10; time += 1) await readPage(tx, { shard: 0, place, limit: 100 });
    return (await blocks(tx)) - before;
  });

  // One block for each level of each day's index, ten times. Row counts would not include index entries that a condition skips.
  expect(read).toBeLessThan(1_000n);
});
