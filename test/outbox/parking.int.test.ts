import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { relayOnce } from '../../src/outbox/relay/relay-once';
import type { Outcome, Parcel } from '../../src/outbox/sink';
import { laneByHand, pass, retryOnce } from '../support/lane-by-hand';
import { nameOf, outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

const DEAD: Outcome = { status: 'failed', retry: false, reason: 'it is malformed' };
const LATER: Outcome = { status: 'failed', retry: true, reason: 'not now' };
const DELIVERED: Outcome = { status: 'delivered' };

/** A sink that has received everything so far, its lane, and orders that no other test touches. */
async function setup(name: string) {
  const sink = new RecordingSink(name);
  const lane = await laneByHand(world, sink);
  while ((await pass(world, lane)) instanceof Error || lane.place.within);
  sink.taken.length = 0;
  const [bad, good] = [await world.newCheckout(), await world.newCheckout()];
  const parked = async () => {
    const { rows } = await world.db.query<{ name: string; attempts: number; due: boolean }>(
      `select aggregateid || '/' || sequence as name, attempts, next_attempt_at is not null as due
         from outbox_parked
        where sink = $1
        order by aggregateid, sequence`,
      [name],
    );
    return rows;
  };
  return { sink, lane, bad, good, parked };
}

const is = (checkoutId: string, sequence?: number) => (parcel: Parcel) =>
  parcel.event.checkoutId === checkoutId && (sequence === undefined || parcel.event.sequence === sequence);

const names = (checkoutId: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${checkoutId}/${from + at}`);

test('parks an event that the sink refuses for good as dead, its order behind it, and goes on with the others', async () => {
  const { sink, lane, bad, good, parked } = await setup('refused');
  sink.script = (parcel) => (is(bad, 2)(parcel) ? DEAD : DELIVERED);
  await world.emit(bad, 3);
  await world.emit(good, 2);

  await pass(world, lane);
  await world.emit(bad);
  await world.emit(good);
  await pass(world, lane);

  expect(sink.firsts).toEqual([`${bad}/1`, ...names(good, 1, 3)]);
  expect(await parked()).toEqual([
    { name: `${bad}/2`, attempts: 1, due: false },
    { name: `${bad}/3`, attempts: 0, due: false },
    { name: `${bad}/4`, attempts: 0, due: false },
  ]);
});

test('retries an event on its schedule, and then delivers its followers in order', async () => {
  const { sink, lane, bad, parked } = await setup('for-now');
  const asked: number[] = [];
  sink.retryAfterMs = (attempts) => (asked.push(attempts), attempts < 3 ? 0 : 60_000);
  sink.script = (parcel) => (is(bad, 1)(parcel) ? LATER : DELIVERED);
  await world.emit(bad, 3);

  for (let time = 0; time < 5; time += 1) await pass(world, lane);

  expect(asked).toEqual([1, 2, 3]);
  expect((await parked()).map(({ attempts }) => attempts)).toEqual([3, 0, 0]);

  sink.script = () => DELIVERED;
  await pass(world, lane);
  expect(sink.firsts).toEqual([]);
  await world.db.query(`update outbox_parked set next_attempt_at = now() where sink = 'for-now' and attempts > 0`);
  await pass(world, lane);

  expect(sink.firsts).toEqual(names(bad, 1, 3));
  expect(await parked()).toEqual([]);
});

test('goes on retrying an event after its schedule if the sink asks for that', async () => {
  const { sink, lane, bad, parked } = await setup('without-end');
  sink.retryAfterMs = (attempts) => (attempts < 2 ? 0 : undefined);
  sink.script = () => ({ ...LATER, retry: 'without-end' });
  await world.emit(bad);

  await pass(world, lane);
  await pass(world, lane);
  await pass(world, lane);

  expect(await parked()).toEqual([{ name: `${bad}/1`, attempts: 2, due: true }]);
});

test('delivers more followers than fit on a page in order, and what comes meanwhile after them', async () => {
  const { sink, lane, bad, parked } = await setup('many-followers');
  sink.script = () => DEAD;
  await world.emit(bad, 250);
  await pass(world, lane);
  sink.script = () => DELIVERED;

  await world.db.query(
    `update outbox_parked set next_attempt_at = now() where sink = 'many-followers' and attempts > 0`,
  );
  for (let time = 0; time < 4; time += 1) {
    await world.emit(bad);
    await pass(world, lane);
  }
  await world.emit(bad);
  await pass(world, lane);

  expect(sink.taken.map(({ event }) => nameOf(event))).toEqual(names(bad, 1, 255));
  expect(await parked()).toEqual([]);
});

test('delivers a dead event that an operator makes due again, and then its followers', async () => {
  const { sink, lane, bad, good, parked } = await setup('redriven');
  sink.script = (parcel) => (is(bad, 1)(parcel) ? DEAD : DELIVERED);
  await world.emit(bad, 2);
  await world.emit(good);
  await pass(world, lane);
  sink.script = () => DELIVERED;
  await pass(world, lane);
  expect(sink.firsts).toEqual([`${good}/1`]);

  await world.db.query(`update outbox_parked set next_attempt_at = now() where sink = 'redriven' and attempts > 0`);
  await pass(world, lane);

  expect(sink.firsts).toEqual([`${good}/1`, `${bad}/1`, `${bad}/2`]);
  expect(await parked()).toEqual([]);
});

test('a follower that fails in its turn waits as the first of its order', async () => {
  const { sink, lane, bad, parked } = await setup('second-trouble');
  sink.retryAfterMs = () => 0;
  sink.script = (parcel) => (is(bad, 1)(parcel) ? LATER : DELIVERED);
  await world.emit(bad, 4);
  await pass(world, lane);

  sink.script = (parcel) => (is(bad, 3)(parcel) ? DEAD : DELIVERED);
  await pass(world, lane);

  expect(sink.firsts).toEqual([`${bad}/1`, `${bad}/2`]);
  expect(await parked()).toEqual([
    { name: `${bad}/3`, attempts: 1, due: false },
    { name: `${bad}/4`, attempts: 0, due: false },
  ]);
});

test('neither delivers nor parks what is no longer wanted, and frees its order', async () => {
  const { sink, lane, bad, parked } = await setup('unwanted');
  sink.retryAfterMs = () => 0;
  sink.script = () => LATER;
  await world.emit(bad, 2);
  await pass(world, lane);
  sink.script = () => ({ status: 'unwanted' });
  await pass(world, lane);

  await world.emit(bad);
  sink.script = () => DELIVERED;
  await pass(world, lane);

  expect(sink.firsts).toEqual([`${bad}/3`]);
  expect(await parked()).toEqual([]);
});

test('when one of two targets fails, the other gets everything, and the failed one its events later, in order', async () => {
  const { sink, lane, bad } = await setup('targets');
  Object.assign(sink, { targetsOf: async () => ['up', 'down'] });
  sink.retryAfterMs = () => 0;
  sink.script = ({ target }) => (target === 'down' ? LATER : DELIVERED);
  const got = () => sink.taken.map(({ target, event }) => `${target}/${event.sequence}`);
  await world.emit(bad, 2);
  await pass(world, lane);
  await world.emit(bad);
  await pass(world, lane);
  expect(got()).toEqual(['up/1', 'up/2', 'up/3']);

  sink.script = () => DELIVERED;
  await pass(world, lane);

  expect(got().slice(3)).toEqual(['down/1', 'down/2', 'down/3']);
});

test('does not park what comes while the last parked event of its order is being delivered', async () => {
  const { sink, lane, bad, good, parked } = await setup('beside');
  sink.retryAfterMs = () => 0;
  sink.script = (parcel) => (is(bad)(parcel) ? LATER : DELIVERED);
  await world.emit(bad);
  await relayOnce(world.db, lane);
  expect(await parked()).toHaveLength(1);

  // The page has found the order parked. While the page delivers another order, this order's last parked event is delivered.
  sink.script = async (parcel) => {
    if (is(good)(parcel)) await retryOnce(world.db, lane, false);
    return DELIVERED;
  };
  await world.emit(bad);
  await world.emit(good);
  await relayOnce(world.db, lane);
  await pass(world, lane);

  expect(sink.firsts).toEqual([`${bad}/1`, `${good}/1`, `${bad}/2`]);
  expect(await parked()).toEqual([]);
});

test('counts no attempt for what is put off until later, and delivers it before its followers', async () => {
  const { sink, lane, bad, parked } = await setup('for-later');
  sink.script = () => ({ status: 'later', reason: 'slow' });
  await world.emit(bad, 2);
  await relayOnce(world.db, lane);
  expect(await parked()).toEqual([
    { name: `${bad}/1`, attempts: 0, due: true },
    { name: `${bad}/2`, attempts: 0, due: false },
  ]);

  sink.script = () => DELIVERED;
  await pass(world, lane);

  expect(sink.firsts).toEqual(names(bad, 1, 2));
  expect(await parked()).toEqual([]);
});
