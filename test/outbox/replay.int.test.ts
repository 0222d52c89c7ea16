import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { keepReplaying } from '../../src/outbox/relay/keep-replaying';
import { replayProgress, stopReplay } from '../../src/outbox/operators/replay-progress';
import { releaseReplay, replayPage, takeReplay } from '../../src/outbox/relay/replay-once';
import { planReplay, replay, whyNotReplayable } from '../../src/outbox/operators/replays';
import { eventually } from '../support/eventually';
import { lanesOf } from '../support/outbox-lanes';
import { nameOf, outboxWorld, RecordingSink } from '../support/outbox-world';

const SINCE = '2020-01-01T00:00:00Z';
const A_PAGE = 200;
const logger = pino({ level: 'silent' });
const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** A sink that has received `perOrder` events of each of four orders in different shards. */
async function setup(perOrder = 3) {
  const world = await outboxWorld();
  toClose.push(world.close);
  const sink = new RecordingSink('stream');
  const lanes = await lanesOf(world.db, sink);
  const orders = await Promise.all([0, 1, 2, 3].map((shard) => world.newCheckout(shard)));
  for (const id of orders) await world.emit(id, perOrder);
  await lanes.passUntilIdle();
  const given = sink.taken.splice(0).length;
  const range = { sink: 'stream', target: '', since: SINCE, until: null };
  const ask = async (id = randomUUID()) => {
    await replay(world.db, id, { ...range, reason: 'The stream was evicted', operator: 'op' });
    return id;
  };
  const cursors = async () =>
    (
      await world.db.query(
        `select sink, shard, snapshot::text, target::text, epoch, delivered from outbox_cursors order by 1, 2`,
      )
    ).rows;
  const run = (owner = randomUUID()) => {
    const loop = keepReplaying({ db: world.db, sinks: [sink], owner, logger });
    toClose.push(() => loop.stop());
    return loop;
  };
  const finished = (id: string) =>
    eventually(async () => {
      const progress = await replayProgress(world.db, id);
      return progress?.state === 'finished' ? progress : undefined;
    });
  return { ...world, sink, lanes, orders, given, range, ask, cursors, run, finished };
}

const inOrder = (sink: RecordingSink, orders: readonly string[]) =>
  orders.map((id) => sink.taken.filter(({ event }) => event.checkoutId === id).map(({ event }) => event.sequence));

test('delivers the range again, in order and marked, and moves no cursor', async () => {
  const world = await setup();
  const before = await world.cursors();

  const id = await world.ask();
  world.run();
  const progress = await world.finished(id);

  expect(progress).toMatchObject({ total: 12, done: 12, refused: 0, failure: null });
  expect(inOrder(world.sink, world.orders)).toEqual(world.orders.map(() => [1, 2, 3]));
  expect(new Set(world.sink.taken.map((parcel) => parcel.replay))).toEqual(new Set([id]));
  expect(await world.cursors()).toEqual(before);
});

test('does not deliver what the lanes have not reached, or what is parked', async () => {
  const world = await setup();
  const [stuck = '', later = ''] = world.orders;
  world.sink.script = ({ event }) =>
    event.checkoutId === stuck ? { status: 'failed', retry: false, reason: 'malformed' } : { status: 'delivered' };
  await world.emit(stuck, 2);
  await world.lanes.passUntilIdle();
  await world.emit(later);
  world.sink.script = () => ({ status: 'delivered' });

  expect(await planReplay(world.db, world.range)).toMatchObject({ events: 12, orders: 4 });
  const id = await world.ask();
  world.run();
  await world.finished(id);

  expect(inOrder(world.sink, world.orders)).toEqual(world.orders.map(() => [1, 2, 3]));
});

test('when a relay dies in the middle, another continues where it was', async () => {
  const world = await setup(A_PAGE);
  const id = await world.ask();
  const first = await takeReplay(world.db, randomUUID(), ['stream']);
  if (!first) throw new Error('There is nothing to take');
  expect(await replayPage(world.db, first, world.sink)).toBe(true);
  const soFar = world.sink.taken.length;
  expect(await takeReplay(world.db, randomUUID(), ['stream'])).toBeUndefined();

  await world.db.query(`update outbox_replays set leased_until = now()`);
  world.run();
  await world.finished(id);

  // The relay that was thought dead no longer records anything.
  expect(await replayPage(world.db, first, world.sink)).toBe(false);
  expect([soFar, world.sink.taken.length]).toEqual([A_PAGE, world.given]);
  expect(new Set(world.sink.taken.map(({ event }) => nameOf(event))).size).toBe(world.given);
});

test('waits while its sink is down, and then delivers all of it in order', async () => {
  const world = await setup();
  const id = await world.ask();
  const held = await takeReplay(world.db, randomUUID(), ['stream']);
  if (!held) throw new Error('There is nothing to take');
  world.sink.script = () => {
    throw new Error('away');
  };
  await expect(replayPage(world.db, held, world.sink)).rejects.toThrow('away');
  await releaseReplay(world.db, held, 'away');
  expect(await replayProgress(world.db, id)).toMatchObject({ state: 'running', done: 0, failure: 'away' });
  expect(await takeReplay(world.db, randomUUID(), ['stream'])).toBeUndefined();

  world.sink.script = () => ({ status: 'delivered' });
  await world.db.query(`update outbox_replays set leased_until = now()`);
  world.run();

  expect(await world.finished(id)).toMatchObject({ done: 12, failure: null });
  expect(inOrder(world.sink, world.orders)).toEqual(world.orders.map(() => [1, 2, 3]));
});

test('two replays of a sink run one after the other, even with two relays', async () => {
  const world = await setup(60);
  const [one, other] = [await world.ask(), await world.ask()];
  world.run();
  world.run();

  await Promise.all([world.finished(one), world.finished(other)]);

  const marks = world.sink.taken.map((parcel) => parcel.replay);
  expect(marks).toEqual([...marks.slice(0, 240).fill(one), ...marks.slice(240).fill(other)]);
  expect(marks).toHaveLength(480);
});

test('runs once per key, refuses another range under that key, and stays stopped once stopped', async () => {
  const world = await setup();
  const id = await world.ask();
  const request = { ...world.range, reason: 'The stream was evicted', operator: 'op' };

  expect(await replay(world.db, id, request)).toMatchObject({ outcome: 'accepted', total: 12 });
  expect(await replay(world.db, id, { ...request, since: '2020-01-02T00:00:00Z' })).toEqual({ outcome: 'reused' });
  expect(await stopReplay(world.db, id, 'op')).toMatchObject({ state: 'stopped', done: 0 });
  expect(await takeReplay(world.db, randomUUID(), ['stream'])).toBeUndefined();
});

test('says what is missing from the range, and is refused for settlement', async () => {
  const world = await setup();

  const { goneBefore } = await planReplay(world.db, world.range);
  const young = await planReplay(world.db, { ...world.range, since: new Date().toISOString() });

  expect(Date.parse(goneBefore ?? '')).toBeLessThanOrEqual(Date.now());
  expect(young).toMatchObject({ events: 0, goneBefore: null });
  expect(await whyNotReplayable(world.db, { ...world.range, sink: 'settlement' })).toMatchObject({ member: 'sink' });
  expect(await whyNotReplayable(world.db, { ...world.range, sink: 'nowhere' })).toMatchObject({ member: 'sink' });
  expect(await whyNotReplayable(world.db, world.range)).toBeUndefined();
});
