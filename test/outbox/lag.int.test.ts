import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ensureCursors } from '../../src/outbox/log/leases';
import { outboxLag } from '../../src/outbox/operators/lag';
import { lanesOf } from '../support/outbox-lanes';
import { outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());
beforeEach(() => world.db.query(`truncate outbox_cursors, outbox_parked, outbox_events`));

const A_DAY_IN_SECONDS = 24 * 60 * 60;

const lagOf = async (sink: RecordingSink) => (await outboxLag(world.db)).find((lag) => lag.sink === sink.name);

test('counts what was committed and not delivered as pending, however old it is', async () => {
  const sink = new RecordingSink();
  await ensureCursors(world.db, [sink]);
  const orders = [await world.newCheckout(0), await world.newCheckout(5)];
  for (const order of orders) await world.emit(order, 3);
  await world.db.query(
    `update outbox_events set occurred_at = now() - interval '1 day' where aggregateid = $1 and sequence = 1`,
    [orders[1]],
  );

  const before = await lagOf(sink);
  const lanes = await lanesOf(world.db, sink);
  await lanes.passUntilIdle();
  const after = await lagOf(sink);

  expect(before).toMatchObject({ pending: 6, atLeast: false, delivered: 0, perSecond: 0 });
  expect(Math.floor((before?.oldestSeconds ?? 0) / A_DAY_IN_SECONDS)).toBe(1);
  expect(after).toMatchObject({
    pending: 0,
    oldestSeconds: null,
    delivered: 6,
    parked: { waiting: 0, behind: 0, dead: 0 },
  });
});

test('counts a transaction that was open when the lane read from its commit on', async () => {
  const sink = new RecordingSink();
  const early = await world.newCheckout();
  const open = await world.openTransaction();
  await open.lock(early);
  await open.append(early);
  await world.emit(await world.newCheckout());
  await (await lanesOf(world.db, sink)).passUntilIdle();

  const before = await lagOf(sink);
  await open.end('commit');

  expect(before?.pending).toBe(0);
  expect((await lagOf(sink))?.pending).toBe(1);
});

test('within a difference of several pages, does not count what was delivered, and does count late commits', async () => {
  const sink = new RecordingSink();
  const lanes = await lanesOf(world.db, sink);
  const [slow, old, young] = [await world.newCheckout(), await world.newCheckout(), await world.newCheckout()];
  const open = await world.openTransaction();
  await open.lock(slow);
  await open.append(slow);
  await world.emit(old, 700);
  await world.emit(young, 800);

  await lanes.pass();
  const within = await lagOf(sink);
  await open.end('commit');
  const late = await lagOf(sink);
  await world.emit(old);
  const fresh = await lagOf(sink);
  await lanes.passUntilIdle();

  expect([within, late, fresh, await lagOf(sink)].map((lag) => lag?.pending)).toEqual([500, 501, 502, 0]);
});

test('does not count types that a sink does not want', async () => {
  const [choosy, all] = [new RecordingSink('choosy', ['label.generated']), new RecordingSink('all')];
  await ensureCursors(world.db, [choosy, all]);
  await world.emit(await world.newCheckout(), 4);

  expect((await outboxLag(world.db)).map(({ sink, pending }) => [sink, pending])).toEqual([
    ['all', 4],
    ['choosy', 0],
  ]);
  await ensureCursors(world.db, [new RecordingSink('choosy')]);
  expect((await lagOf(choosy))?.pending).toBe(4);
});

test('stops counting at a limit, and says so', async () => {
  const sink = new RecordingSink();
  await ensureCursors(world.db, [sink]);
  await world.db.query(
    `insert into outbox_events (aggregateid, sequence, type, payload, tenant)
     select 'chk_' || repeat('0', 32), n, 'order.cancelled', '{}', 'acme' from generate_series(1, 20000) n`,
  );

  expect(await lagOf(sink)).toMatchObject({ pending: 12_500, atLeast: true });
});

test('the rate covers the last half minute, and fades', async () => {
  const sink = new RecordingSink();
  const lanes = await lanesOf(world.db, sink);
  await world.emit(await world.newCheckout(), 600);
  await lanes.passUntilIdle();

  const rate = async (agedBy: string) => {
    await world.db.query(`update outbox_cursors set counted_at = counted_at - $1::interval`, [agedBy]);
    return (await lagOf(sink))?.perSecond;
  };
  const [now, halfAMinuteLater, nextWeek] = [await rate('0'), await rate('30 s'), await rate('7 days')];

  expect(now).toBeGreaterThan(15);
  expect(now).toBeLessThanOrEqual(20);
  expect(halfAMinuteLater).toBeCloseTo((now ?? 0) / Math.E, 0);
  expect(nextWeek).toBeCloseTo(0);
  // A rate that has faded below what a number can hold must not stop a lane.
  for (let week = 0; week < 20; week += 1) {
    await world.db.query(
      `update outbox_cursors set per_second = outbox_rate(per_second, counted_at, 0), counted_at = now() - interval '7 days'`,
    );
  }
  expect((await lagOf(sink))?.perSecond).toBe(0);
});

test('a lane shows its owner and since when it fails, and parked events are counted by what they wait for', async () => {
  const sink = new RecordingSink();
  const lanes = await lanesOf(world.db, sink);
  const [waiting, dead] = [await world.newCheckout(3), await world.newCheckout(3)];
  sink.script = ({ event }) => ({ status: 'failed', reason: 'no', retry: event.checkoutId === waiting });
  await world.emit(waiting, 2);
  await world.emit(dead, 3);
  await lanes.passUntilIdle();
  await world.db.query(`update outbox_cursors set failing_since = now(), failure = 'away' where shard = 3`);

  const lag = await lagOf(sink);
  const [lane, other] = [lag?.lanes[3], lag?.lanes[4]];
  await world.db.query(`update outbox_cursors set leased_until = now()`);

  expect(lag).toMatchObject({ pending: 0, delivered: 0, parked: { waiting: 1, behind: 3, dead: 1 } });
  expect(lane).toMatchObject({ shard: 3, owner: lanes.relay, epoch: 1, failure: 'away' });
  expect(Date.parse(lane?.failingSince ?? '')).not.toBeNaN();
  expect(other).toMatchObject({ shard: 4, failingSince: null, failure: null });
  expect((await lagOf(sink))?.lanes[3]?.owner).toBeNull();
});

test('a sink that has not run for a week lags like any other; without its cursors, only its parked events count', async () => {
  const sink = new RecordingSink();
  const lanes = await lanesOf(world.db, sink);
  await world.emit(await world.newCheckout());
  await world.db.query(`update outbox_cursors set leased_until = now() - interval '8 days'`);
  expect(await lagOf(sink)).toMatchObject({ pending: 1 });

  sink.script = () => ({ status: 'failed', reason: 'no', retry: false });
  await lanes.passUntilIdle();
  await world.db.query(`delete from outbox_cursors`);
  expect(await outboxLag(world.db)).toMatchObject([{ sink: sink.name, pending: 0, lanes: [], parked: { dead: 1 } }]);
});

test('a lane that does not move although events wait is shown as failing', async () => {
  const sink = new RecordingSink();
  const lanes = await lanesOf(world.db, sink);
  const still = `update outbox_cursors set moved_at = now() - interval '61 s'`;
  await world.db.query(still);
  const idle = await lagOf(sink);

  await world.emit(await world.newCheckout(3));
  await world.db.query(`update outbox_events set occurred_at = now() - interval '61 s'`);
  const [hanging, since] = [await lagOf(sink), Date.now() - 61_000];
  await lanes.passUntilIdle();

  expect(idle?.lanes.filter(({ failingSince }) => failingSince !== null)).toEqual([]);
  expect(hanging?.lanes.filter(({ failingSince }) => failingSince !== null)).toMatchObject([
    { shard: 3, failure: 'Events are waiting, but the lane makes no progress' },
  ]);
  expect(Date.parse(hanging?.lanes[3]?.failingSince ?? '')).toBeLessThanOrEqual(since);
  expect((await lagOf(sink))?.lanes[3]?.failingSince).toBeNull();
});
