import { afterAll, expect, test } from '@jest/globals';
import { release } from '../../src/outbox/log/leases';
import { dropPartitions, gaveWay, KEPT_DAYS, makePartitions } from '../../src/outbox/log/partitions';
import { laneByHand, pass } from '../support/lane-by-hand';
import { outboxWorld, RecordingSink } from '../support/outbox-world';

const DAY_MS = 86_400_000;

const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);
const nameOfDay = (day: Date): string => `outbox_events_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
/** The youngest day that is past its retention. */
const OLD = daysAgo(KEPT_DAYS + 1);

/** A log with an old day that has one event, in shard 0. */
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

const worlds: World[] = [];
async function aWorld(): Promise<World> {
  const fresh = await setup();
  worlds.push(fresh);
  return fresh;
}
afterAll(() => Promise.all(worlds.map((each) => each.close())));

async function days({ db }: World): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'outbox_events'::regclass order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** As if no relay had run for so long that today has no partition. */
async function withoutDaysAhead(own: World): Promise<void> {
  for (let ahead = 0; ahead <= 7; ahead += 1) await own.db.query(`drop table ${nameOfDay(daysAgo(-ahead))}`);
}

test('creates days ahead, once, even with several concurrent callers', async () => {
  const own = await aWorld();
  await withoutDaysAhead(own);

  const made = await Promise.all([1, 2, 3, 4].map(() => makePartitions(own.db)));

  expect(made.reduce((sum, each) => sum + each.made, 0)).toBe(8);
  expect(await days(own)).toEqual(
    expect.arrayContaining([0, 1, 2, 3, 4, 5, 6, 7].map((ahead) => nameOfDay(daysAgo(-ahead)))),
  );
  expect(await makePartitions(own.db)).toEqual({ made: 0, adopted: 0, gaveWay: 0 });
});

test('drops an old day once every sink has read it, and only old days', async () => {
  const own = await aWorld();
  const [ready, late] = [new RecordingSink('ready'), new RecordingSink('late')];
  await pass(own, await laneByHand(own, ready));
  const lane = await laneByHand(own, late);
  const before = await days(own);

  await writeDown(own, 'ready');
  expect(await dropPartitions(own.db)).toMatchObject({ dropped: [] });
  await pass(own, lane);
  await writeDown(own, 'late');
  expect(await dropPartitions(own.db)).toEqual({ dropped: [nameOfDay(OLD)], kept: [] });

  expect(await days(own)).toEqual(before.filter((name) => name !== nameOfDay(OLD)));
});

test('keeps an old day while something of it is parked', async () => {
  const own = await aWorld();
  const sink = new RecordingSink('parks');
  const lane = await laneByHand(own, sink);
  sink.script = () => ({ status: 'failed', retry: false, reason: 'malformed' });
  await pass(own, lane);
  await writeDown(own, 'parks');

  expect(await dropPartitions(own.db)).toMatchObject({ dropped: [] });
  sink.script = () => ({ status: 'delivered' });
  await own.db.query(`update outbox_parked set next_attempt_at = now()`);
  await pass(own, lane);

  expect(sink.firsts).toEqual([`${own.checkoutId}/1`]);
  expect(await dropPartitions(own.db)).toEqual({ dropped: [nameOfDay(OLD)], kept: [] });
});

test('keeps a day that a sink has not read, however long that sink has not run, and names the sink', async () => {
  const own = await aWorld();
  await release(own.db, await laneByHand(own, new RecordingSink('stopped')));
  await own.db.query(`update outbox_cursors set leased_until = leased_until - interval '100 days'`);

  expect(await dropPartitions(own.db)).toEqual({ dropped: [], kept: [{ name: nameOfDay(OLD), sinks: ['stopped'] }] });
  await own.db.query(`delete from outbox_cursors where sink = 'stopped'`);

  expect(await dropPartitions(own.db)).toEqual({ dropped: [nameOfDay(OLD)], kept: [] });
});

test('drops nothing because of a cursor that was written on another server', async () => {
  const own = await aWorld();
  await laneByHand(own, new RecordingSink('restored'));
  await own.db.query(`update outbox_cursors set snapshot = '9000000000:9000000000:' where sink = 'restored'`);

  expect(await dropPartitions(own.db)).toMatchObject({ dropped: [], kept: [{ sinks: ['restored'] }] });
});

test('drops a day once with concurrent callers', async () => {
  const own = await aWorld();

  const dropped = await Promise.all([1, 2, 3].map(() => dropPartitions(own.db)));

  expect(dropped.flatMap((each) => each.dropped)).toEqual([nameOfDay(OLD)]);
});

test('a drop gives way to a long transaction, and others go on meanwhile', async () => {
  const own = await aWorld();
  const [mine, others] = [await own.newCheckout(), await own.newCheckout()];
  const long = await own.openTransaction();
  await long.lock(mine);
  await long.append(mine);

  const dropping = dropPartitions(own.db).catch((error: unknown) => error);
  for (let time = 0; time < 20; time += 1) await own.emit(others);
  const outcome = await dropping;
  await long.end('commit');

  expect(gaveWay(outcome)).toBe(true);
  expect(await dropPartitions(own.db)).toEqual({ dropped: [nameOfDay(OLD)], kept: [] });
});

test('creates days while a long transaction appends', async () => {
  const own = await aWorld();
  await own.db.query(`drop table ${nameOfDay(daysAgo(-7))}`);
  const checkoutId = await own.newCheckout();
  const long = await own.openTransaction();
  await long.lock(checkoutId);
  await long.append(checkoutId);

  expect(await makePartitions(own.db)).toMatchObject({ made: 1 });
  await long.end('commit');
});

/** As a lane does once a minute: until then it is not known how far an idle lane has read. */
async function writeDown({ db }: World, sink: string): Promise<void> {
  await db.query(
    `update outbox_cursors set snapshot = pg_current_snapshot(), target = null, after_txid = null, after_position = null
                   where sink = $1`,
    [sink],
  );
}
