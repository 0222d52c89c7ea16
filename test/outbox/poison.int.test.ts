import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Outcome } from '../../src/outbox/sink';
import { laneByHand, pass } from '../support/lane-by-hand';
import { outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

/** More than three times the passes after which a lane looks for a suspect. */
const MANY_PASSES = 10;
const DELIVERED: Outcome = { status: 'delivered' };

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

/** A sink that has received everything so far, and throws without details at what is in `poison`. */
async function setup(name: string) {
  const sink = new RecordingSink(name);
  const lane = await laneByHand(world, sink);
  await pass(world, lane);
  sink.taken.length = 0;
  const poison = new Set<string>();
  sink.script = ({ event }) => {
    if (poison.has(event.checkoutId)) throw new Error('connection reset');
    return DELIVERED;
  };
  const parked = async () => {
    const { rows } = await world.db.query<{ name: string; attempts: number }>(
      `select aggregateid || '/' || sequence as name, attempts from outbox_parked where sink = $1 order by 1`,
      [name],
    );
    return rows.map((row) => `${row.name} ${row.attempts}`);
  };
  const makeDue = () => world.db.query(`update outbox_parked set next_attempt_at = now() where sink = $1`, [name]);
  const passes = async (most = MANY_PASSES) => {
    for (let time = 0; time < most; time += 1) await pass(world, lane);
  };
  return { sink, lane, poison, parked, makeDue, passes };
}

test('finds and parks an event at which the sink always throws, because the sink takes others', async () => {
  const { sink, poison, parked, passes } = await setup('found');
  const [bad, good] = [await world.newCheckout(), await world.newCheckout()];
  poison.add(bad);
  await world.emit(bad, 2);
  await world.emit(good, 2);

  await passes();

  expect(sink.firsts).toEqual([`${good}/1`, `${good}/2`]);
  expect(await parked()).toEqual([`${bad}/1 1`, `${bad}/2 0`]);
});

test('finds several of them at the head of the shard, by looking for a witness farther away each time', async () => {
  const { sink, poison, parked, passes } = await setup('three');
  const bad = [await world.newCheckout(), await world.newCheckout(), await world.newCheckout()].sort();
  const good = await world.newCheckout();
  for (const id of bad) {
    poison.add(id);
    await world.emit(id);
  }
  await world.emit(good);

  await passes();

  expect(sink.firsts).toEqual([`${good}/1`]);
  expect(await parked()).toEqual(bad.map((id) => `${id}/1 1`));
});

test('parks nothing without a witness, however long it takes, and delivers everything when the sink is back', async () => {
  const { sink, poison, parked, passes } = await setup('away');
  const ids = [await world.newCheckout(), await world.newCheckout()];
  for (const id of ids) {
    poison.add(id);
    await world.emit(id, 2);
  }

  await passes();
  expect(await parked()).toEqual([]);
  poison.clear();
  await passes(1);

  expect(sink.firsts).toEqual(ids.flatMap((id) => [`${id}/1`, `${id}/2`]));
});

test('does not take a sink that goes down while suspects are tried one by one for many poison events', async () => {
  const { sink, parked, passes, lane } = await setup('flapping');
  const ids = await Promise.all(Array.from({ length: 8 }, () => world.newCheckout()));
  for (const id of ids) await world.emit(id);
  lane.failures = 3;
  sink.script = () => {
    if (sink.taken.length >= 2) throw new Error('gone again');
    return DELIVERED;
  };

  await passes(1);
  expect(await parked()).toEqual([]);
  sink.script = () => DELIVERED;
  await passes(1);

  expect([...sink.firsts].sort()).toEqual(ids.map((id) => `${id}/1`).sort());
});

test('a due parked event at which the sink throws again, alone, does not stop its shard', async () => {
  const { sink, poison, parked, makeDue, passes } = await setup('again');
  const [bad, good] = [await world.newCheckout(), await world.newCheckout()];
  poison.add(bad);
  await world.emit(bad);
  await world.emit(good);
  await passes();
  expect(await parked()).toEqual([`${bad}/1 1`]);

  await makeDue();
  await passes();
  // Nothing proves that it is not the sink's fault, so the event stays due and counts no attempt.
  expect(await parked()).toEqual([`${bad}/1 1`]);
  await world.emit(good);
  await passes(1);

  expect(sink.firsts).toEqual([`${good}/1`, `${good}/2`]);
  expect(await parked()).toEqual([`${bad}/1 2`]);
});

test('due parked events do not hold up new events, even if all of them make the sink throw', async () => {
  const { sink, poison, parked, makeDue, passes } = await setup('due');
  const bad = await Promise.all(Array.from({ length: 6 }, () => world.newCheckout()));
  const good = await world.newCheckout();
  for (const id of bad) {
    poison.add(id);
    await world.emit(id);
  }
  await world.emit(good);
  await passes();
  expect(await parked()).toHaveLength(6);

  await makeDue();
  await world.emit(good);
  await passes(1);

  expect(sink.firsts).toEqual([`${good}/1`, `${good}/2`]);
});
