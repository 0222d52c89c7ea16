import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { append } from '../../src/outbox/append';
import { readPage } from '../../src/outbox/log/log-reader';
import { LogWalk, placeNow } from '../support/log-walk';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

/** A reader that begins here, and orders that nobody else touches. */
async function setup() {
  const [one, other] = [await world.newCheckout(), await world.newCheckout()];
  const walk = new LogWalk(world.db, { from: await placeNow(world.db) });
  return { one, other, walk };
}

test('an event that drew its position early and was committed late is read', async () => {
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

test('what is rolled back is never read, and holds up nothing', async () => {
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

test('what a savepoint takes back is not read, and what it keeps is, in its place', async () => {
  const { one, other, walk } = await setup();
  const nested = await world.openTransaction();
  await nested.lock(one);
  await nested.append(one);
  await nested.tx.query('savepoint kept');
  await nested.append(one);
  await nested.tx.query('savepoint undone');
  await nested.append(one);
  await nested.tx.query('rollback to savepoint undone');
  // A younger transaction in between: the age is that of the whole transaction, not of its savepoint.
  await world.emit(other);
  await nested.append(one);

  expect(await walk.read()).toEqual([`${other}/1`]);
  await nested.end('commit');

  expect(await walk.read()).toEqual([`${one}/1`, `${one}/2`, `${one}/3`]);
});

test('a difference larger than a page is cut from one snapshot, and goes on there after a crash', async () => {
  const { one, other, walk } = await setup();
  const late = await world.openTransaction();
  await late.lock(other);
  await late.append(other);
  await world.emit(one, 5);

  expect(await walk.read(2)).toEqual([`${one}/1`, `${one}/2`]);
  // Committed between two pages, and of an older transaction than those: it would be before them.
  await late.end('commit');
  // And this one after it, of a younger one: in this difference it would come before the one before it.
  await world.emit(other);
  expect(await walk.read(2, { dies: true })).toEqual([`${one}/3`, `${one}/4`]);
  expect(await walk.read(2)).toEqual([`${one}/3`, `${one}/4`]);
  expect(await walk.read(2)).toEqual([`${one}/5`]);

  expect(await walk.read(2)).toEqual([`${other}/1`, `${other}/2`]);
});

test('the last page of a difference says that there may be more: the difference after it has begun long ago', async () => {
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

test('only the types that are asked for are read, and the others are passed', async () => {
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

test('a statement that Postgres has planned for good answers as before', async () => {
  const { one, walk } = await setup();
  const expected: string[] = [];
  const late = await world.openTransaction();
  const other = await world.newCheckout();
  await late.lock(other);
  await late.append(other);

  // A connection plans a prepared statement anew five times, and may keep a plan from then on.
  for (let time = 1; time <= 12; time += 1) {
    await world.emit(one, 2);
    expected.push(`${one}/${time * 2 - 1}`, `${one}/${time * 2}`);
    await walk.read(1);
    await walk.read(1);
    await walk.read(1);
  }
  await late.end('commit');
  await walk.read();

  expect(walk.handedOn).toEqual([...expected, `${other}/1`]);
});
