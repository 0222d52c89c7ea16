import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { append } from '../../src/outbox/append';
import { readPage } from '../../src/outbox/log/log-reader';
import { LogWalk, placeNow } from '../support/log-walk';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

/** A reader that begins here, and orders that no other test touches. */
async function setup() {
  const [one, other] = [await world.newCheckout(), await world.newCheckout()];
  const walk = new LogWalk(world.db, { from: await placeNow(world.db) });
  return { one, other, walk };
}

test('reads an event that got its position early and was committed late', async () => {
  const { one, other, walk } = await setup();
  const late = await world.openTransaction();
  await late.lock(one);
  await late.append(one);
  await world.emit(other, 2);

  const before = await walk.read();
  await late.end('commit');
  const after = await walk.read();

  expect(before).toEqual([`${other}/1`, `${other}/2`]);
  expect(after).toEqual([`${one}/1`]);
  expect(await walk.read()).toEqual([]);
});

test('never reads what was rolled back, and is not held up by it', async () => {
  const { one, other, walk } = await setup();
  const undone = await world.openTransaction();
  await undone.lock(one);
  await undone.append(one);
  await world.emit(other);

  expect(await walk.read()).toEqual([`${other}/1`]);
  await undone.end('rollback');
  expect(await walk.read()).toEqual([]);
  await world.emit(one);

  expect(await walk.read()).toEqual([`${one}/1`]);
});

test('does not read what a savepoint rolled back, and reads what it kept, in its place', async () => {
  const { one, other, walk } = await setup();
  const nested = await world.openTransaction();
  await nested.lock(one);
  await nested.append(one);
  await nested.tx.query('savepoint kept');
  await nested.append(one);
  await nested.tx.query('savepoint undone');
  await nested.append(one);
  await nested.tx.query('rollback to savepoint undone');
  // A younger transaction in between: what counts is the age of the whole transaction, not of its savepoint.
  await world.emit(other);
  await nested.append(one);

  expect(await walk.read()).toEqual([`${other}/1`]);
  await nested.end('commit');

  expect(await walk.read()).toEqual([`${one}/1`, `${one}/2`, `${one}/3`]);
});

test('reads a difference larger than a page from one snapshot, and goes on there after a crash', async () => {
  const { one, other, walk } = await setup();
  const late = await world.openTransaction();
  await late.lock(other);
  await late.append(other);
  await world.emit(one, 5);

  expect(await walk.read(2)).toEqual([`${one}/1`, `${one}/2`]);
  // Committed between two pages, by an older transaction than theirs: it would come before them.
  await late.end('commit');
  // Committed after that, by a younger transaction: within this difference it would come before the previous one.
  await world.emit(other);
  expect(await walk.read(2, { dies: true })).toEqual([`${one}/3`, `${one}/4`]);
  expect(await walk.read(2)).toEqual([`${one}/3`, `${one}/4`]);
  expect(await walk.read(2)).toEqual([`${one}/5`]);

  expect(await walk.read(2)).toEqual([`${other}/1`, `${other}/2`]);
});

test('the last page of a difference says that there may be more, since the next difference has already begun', async () => {
  const { one, walk } = await setup();
  await world.emit(one, 3);
  await walk.read(2);
  await world.emit(one);

  const last = await readPage(world.db, { shard: 0, place: walk.place, limit: 2 });
  const next = await readPage(world.db, { shard: 0, place: last.next, limit: 2 });
  const end = await readPage(world.db, { shard: 0, place: next.next, limit: 2 });

  expect([last, next, end].map(({ events }) => events.map(({ sequence }) => sequence))).toEqual([[3], [4], []]);
  expect([last, next, end].map(({ more }) => more)).toEqual([true, false, false]);
});

test('reads only the requested types, and passes over the others', async () => {
  const { one } = await setup();
  const walk = new LogWalk(world.db, { from: await placeNow(world.db), types: ['checkout.cancelled'] });
  await world.emit(one);
  await world.db.transaction((tx) => append(tx, one, [{ type: 'checkout.cancelled', data: {} }]));
  await world.emit(one);

  expect(await walk.read()).toEqual([`${one}/2`]);
  expect(await walk.read()).toEqual([]);
});

test('a reader of one shard gets nothing of the others', async () => {
  const [here, there] = [await world.newCheckout(3), await world.newCheckout(4)];
  const walk = new LogWalk(world.db, { from: await placeNow(world.db), shard: 3 });
  await world.emit(there);
  await world.emit(here);

  expect(await walk.read()).toEqual([`${here}/1`]);
});

test('a statement with a fixed plan gives the same answers', async () => {
  const { one, walk } = await setup();
  const expected: string[] = [];
  const late = await world.openTransaction();
  const other = await world.newCheckout();
  await late.lock(other);
  await late.append(other);

  // A connection plans a prepared statement five times, and may keep a generic plan from then on.
  for (let time = 1; time <= 12; time += 1) {
    await world.emit(one, 2);
    expected.push(`${one}/${time * 2 - 1}`, `${one}/${time * 2}`);
    await walk.read(1);
    await walk.read(1);
    await walk.read(1);
  }
  await late.end('commit');
  await walk.read();

  expect(walk.delivered).toEqual([...expected, `${other}/1`]);
});
