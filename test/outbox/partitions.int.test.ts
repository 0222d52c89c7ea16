import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { release } from '../../src/outbox/leases';
import { dropPartitions, gaveWay, KEPT_DAYS, makePartitions } from '../../src/outbox/partitions';
import { laneByHand, pass } from '../support/lane-by-hand';
import { nameOf, outboxWorld, RecordingSink } from '../support/outbox-world';

const DAY_MS = 86_400_000;
/** How long an append may be held up by somebody who wants to drop a day, at the very most. */
const HARDLY_NOTICED_MS = 2_000;

const now = new Date();
const daysAgo = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
const nameOfDay = (day: Date): string => `outbox_events_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
/** The youngest day that is past its retention. */
const OLD = daysAgo(KEPT_DAYS + 1);

/** A log with an old day, in which there is an event of shard 0. */
async function setup() {
  const world = await outboxWorld();
  await world.db.query(`select ensure_outbox_partition(($1::timestamptz at time zone 'UTC')::date)`, [OLD]);
  const checkoutId = await world.newCheckout();
  const emitAt = (at: Date, sequence: number) =>
    world.db.query(
      `insert into outbox_events (aggregateid, sequence, type, payload, tenant, occurred_at)
       values ($1, $2, 'order.cancelled', '{}', 'acme', $3)`,
      [checkoutId, sequence, at],
    );
  await emitAt(OLD, 1);
  return { ...world, checkoutId, emitAt };
}
type World = Awaited<ReturnType<typeof setup>>;

let world: World;
const worlds: World[] = [];
async function aWorld(): Promise<World> {
  const fresh = await setup();
  worlds.push(fresh);
  return fresh;
}
beforeAll(async () => (world = await aWorld()));
afterAll(() => Promise.all(worlds.map((each) => each.close())));

async function days({ db }: World): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'outbox_events'::regclass order by 1`,
  );
  return rows.map(({ name }) => name);
}

test('days are made ahead, once, also by several at the same moment', async () => {
  const inAMonth = daysAgo(-30);

  const made = await Promise.all([1, 2, 3, 4].map(() => makePartitions(world.db, inAMonth)));

  expect(made.reduce((sum, each) => sum + each)).toBe(8);
  expect(await days(world)).toEqual(
    expect.arrayContaining([0, 1, 2, 3, 4, 5, 6, 7].map((ahead) => nameOfDay(daysAgo(-30 - ahead)))),
  );
  expect(await makePartitions(world.db, inAMonth)).toBe(0);
});

test('an event of a day that nobody has made is taken, is delivered, and its day stays where it is', async () => {
  const sink = new RecordingSink('default-day');
  const unforeseen = daysAgo(-100);
  await world.emitAt(unforeseen, 2);

  await pass(world, await laneByHand(world, sink));

  expect(sink.taken.map(({ event }) => nameOf(event))).toEqual([`${world.checkoutId}/1`, `${world.checkoutId}/2`]);
  const { rows } = await world.db.query(`select from outbox_events_default`);
  expect(rows).toHaveLength(1);
  expect(await makePartitions(world.db, unforeseen)).toBe(7);
});

test('an old day is dropped once every sink has read it, and only the old ones', async () => {
  const own = await aWorld();
  const [ready, late] = [new RecordingSink('ready'), new RecordingSink('late')];
  await pass(own, await laneByHand(own, ready));
  const lane = await laneByHand(own, late);
  const before = await days(own);

  await writeDown(own, 'ready');
  expect(await dropPartitions(own.db, now)).toEqual([]);
  await pass(own, lane);
  await writeDown(own, 'late');
  expect(await dropPartitions(own.db, now)).toEqual([nameOfDay(OLD)]);

  expect(await days(own)).toEqual(before.filter((name) => name !== nameOfDay(OLD)));
});

test('an old day of which something is parked stays until that has gone', async () => {
  const own = await aWorld();
  const sink = new RecordingSink('parks');
  const lane = await laneByHand(own, sink);
  sink.script = () => ({ status: 'failed', retry: false, reason: 'malformed' });
  await pass(own, lane);
  await writeDown(own, 'parks');

  expect(await dropPartitions(own.db, now)).toEqual([]);
  sink.script = () => ({ status: 'delivered' });
  await own.db.query(`update outbox_parked set next_attempt_at = now()`);
  await pass(own, lane);

  expect(sink.firsts).toEqual([`${own.checkoutId}/1`]);
  expect(await dropPartitions(own.db, now)).toEqual([nameOfDay(OLD)]);
});

test('a sink whose relay has stopped still has its days kept; one that nobody runs for a week has not', async () => {
  const own = await aWorld();
  await release(own.db, await laneByHand(own, new RecordingSink('stopped')));

  expect(await dropPartitions(own.db, now)).toEqual([]);
  const later = new Date(now.getTime() + (KEPT_DAYS + 1) * DAY_MS);

  expect(await dropPartitions(own.db, later)).toContain(nameOfDay(OLD));
});

test('two relays that drop at the same moment drop once', async () => {
  const own = await aWorld();

  const dropped = await Promise.all([1, 2, 3].map(() => dropPartitions(own.db, now)));

  expect(dropped.flat()).toEqual([nameOfDay(OLD)]);
});

test('a drop gives way to a transaction that takes long, and holds up others for an instant at most', async () => {
  const own = await aWorld();
  const [mine, others] = [await own.newCheckout(), await own.newCheckout()];
  const long = await own.openTransaction();
  await long.lock(mine);
  await long.append(mine);

  const dropping = dropPartitions(own.db, now).catch((error: unknown) => error);
  const begin = performance.now();
  for (let time = 0; time < 20; time += 1) await own.emit(others);
  const tookMs = performance.now() - begin;
  const outcome = await dropping;
  await long.end('commit');

  expect(gaveWay(outcome)).toBe(true);
  expect(tookMs).toBeLessThan(HARDLY_NOTICED_MS);
  expect(await dropPartitions(own.db, now)).toEqual([nameOfDay(OLD)]);
});

test('days are made while somebody appends for long', async () => {
  const checkoutId = await world.newCheckout();
  const long = await world.openTransaction();
  await long.lock(checkoutId);
  await long.append(checkoutId);

  expect(await makePartitions(world.db, daysAgo(-60))).toBe(8);
  await long.end('commit');
});

/** As a lane does once a minute: until then it is not known how far a lane got in which nothing happens. */
async function writeDown({ db }: World, sink: string): Promise<void> {
  await db.query(
    `update outbox_cursors set snapshot = pg_current_snapshot(), target = null, after_txid = null, after_position = null
                   where sink = $1`,
    [sink],
  );
}
