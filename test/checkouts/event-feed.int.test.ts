import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventFeed } from '../../src/checkouts/event-feed';
import type { Queryable } from '../../src/postgres/database';
import { accepted, checkoutWorld, stepsBefore } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

/** A follower that records the numbers of the events it received, and how often it was received of the end. */
function aFollower() {
  const received = { numbers: [] as number[], pages: 0, ends: 0 };
  const next = (events: readonly { sequence: number }[]) => {
    received.pages += 1;
    received.numbers.push(...events.map(({ sequence }) => sequence));
  };
  return { scope: 'merchant' as const, received, next, end: () => void (received.ends += 1) };
}

const oneTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
const fail = (error: unknown) => {
  throw error;
};

test('sends more events than fit on a page in several pages, in order', async () => {
  const { checkoutId } = await accepted(world.db);
  await world.db.query(
    `with counted as (update checkouts set event_count = 50, ended_at = now() where id = $1 returning id)
     insert into outbox_events (aggregateid, sequence, type, payload, tenant)
     select id, number, 'test.happened', '{}', 'acme' from counted, generate_series(1, 50) as number`,
    [checkoutId],
  );
  const feed = new EventFeed(world.db, fail);
  const follower = aFollower();

  feed.follow(checkoutId, 0, follower);
  await eventually(() => follower.received.ends || undefined);

  expect(follower.received).toEqual({ numbers: oneTo(50), pages: 3, ends: 1 });
});

test('a follower that joins during a poll does not receive later events first', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 3);
  let begin = () => {};
  const began = new Promise<void>((resolve) => (begin = resolve));
  let join = () => {};
  const joined = new Promise<void>((resolve) => (join = resolve));
  const slow: Queryable = {
    async query(text, values) {
      begin();
      await joined;
      return world.db.query(text, values);
    },
  };
  const feed = new EventFeed(slow, fail);
  const [early, late] = [aFollower(), aFollower()];

  feed.follow(order.checkoutId, 2, early);
  await began;
  feed.follow(order.checkoutId, 0, late);
  join();
  await eventually(() => (late.received.numbers.length > 0 ? true : undefined));
  feed.stop();

  expect(early.received.numbers).toEqual([3]);
  expect(late.received.numbers).toEqual([1, 2, 3]);
});

test('sends nothing more to a follower that left, and ends one that comes after the stop', async () => {
  const order = await accepted(world.db);
  const feed = new EventFeed(world.db, fail);
  const [left, stays, latecomer] = [aFollower(), aFollower(), aFollower()];
  const leave = feed.follow(order.checkoutId, 0, left);
  feed.follow(order.checkoutId, 0, stays);

  leave();
  leave();
  await stepsBefore(world.activities, order, 1);
  await eventually(() => (stays.received.numbers.length > 0 ? true : undefined));
  feed.stop();
  feed.follow(order.checkoutId, 0, latecomer);

  expect(left.received).toEqual({ numbers: [], pages: 0, ends: 0 });
  expect([stays.received.ends, latecomer.received.ends]).toEqual([1, 1]);
});

test('reports a Postgres error and tries again at the next poll', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 2);
  const faults: unknown[] = [];
  const away = new Error('terminating connection due to administrator command');
  const flaky: Queryable = {
    query: (text, values) => (faults.length < 2 ? Promise.reject(away) : world.db.query(text, values)),
  };
  const feed = new EventFeed(flaky, (error) => faults.push(error));
  const follower = aFollower();

  feed.follow(order.checkoutId, 0, follower);
  await eventually(() => (follower.received.numbers.length > 0 ? true : undefined));
  feed.stop();

  expect(faults).toEqual([away, away]);
  expect(follower.received.numbers).toEqual([1, 2]);
});

test('sends an event of a newer release without its meaning', async () => {
  const { checkoutId } = await accepted(world.db);
  await world.db.query(`update checkouts set event_count = 1 where id = $1`, [checkoutId]);
  await world.db.query(
    `insert into outbox_events (aggregateid, sequence, type, payload, tenant, occurred_at)
     values ($1, 1, 'gift.wrapped', '{"paper": "blue"}', 'acme', '2126-11-24 05:00:00.123456+02')`,
    [checkoutId],
  );
  const feed = new EventFeed(world.db, fail);
  const received: unknown[] = [];

  feed.follow(checkoutId, 0, {
    scope: 'merchant',
    next: (events) => void received.push(...events),
    end: () => undefined,
  });
  await eventually(() => (received.length > 0 ? true : undefined));
  feed.stop();

  expect(received).toEqual([
    { sequence: 1, type: 'gift.wrapped', at: '2126-11-24T03:00:00.123Z', data: { paper: 'blue' } },
  ]);
});
