import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { outboxLag } from '../../src/outbox/operators/lag';
import { planRedrive, redrive } from '../../src/outbox/operators/redrive';
import type { RedriveRequest } from '../../src/outbox/operators/redrive';
import { redriveProgress, stopRedrive } from '../../src/outbox/operators/redrive-progress';
import { DELIVERED } from '../../src/outbox/sink';
import type { Outcome } from '../../src/outbox/sink';
import { aKey } from '../support/builders';
import { lanesOf } from '../support/outbox-lanes';
import { outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());
beforeEach(() => world.db.query(`truncate outbox_cursors, outbox_parked, outbox_events, outbox_redrives`));

const EVERYTHING: RedriveRequest = { sink: null, target: null, checkoutId: null, reason: 'Mended.', operator: 'key_1' };
const refuse = (retry: boolean): Outcome => ({ status: 'failed', reason: 'cannot be read', retry });

const ask = (id: string, request: Partial<RedriveRequest> = {}) => redrive(world.db, id, { ...EVERYTHING, ...request });
const progressOf = (id: string) => redriveProgress(world.db, id);
const parkedOf = async (sink: RecordingSink) =>
  (await outboxLag(world.db)).find((lag) => lag.sink === sink.name)?.parked;

/** A sink with `count` dead orders of three events each, the first of which was refused. From now on it takes everything. */
async function withDead(count: number, name = 'mail') {
  const sink = new RecordingSink(name);
  sink.script = () => refuse(false);
  const orders: string[] = [];
  for (let order = 0; order < count; order += 1) orders.push(await world.newCheckout(order));
  for (const order of orders) await world.emit(order, 3);
  const lanes = await lanesOf(world.db, sink);
  await lanes.pass();
  sink.script = () => DELIVERED;
  return { sink, orders, lanes };
}

test('a plan says how much it would deliver, and changes nothing', async () => {
  const { orders } = await withDead(2);
  const [order = ''] = orders;

  const plan = await planRedrive(world.db, EVERYTHING);
  const one = await planRedrive(world.db, { ...EVERYTHING, checkoutId: order });
  const none = await planRedrive(world.db, { ...EVERYTHING, sink: 'kafka' });

  expect(plan).toMatchObject({ orders: 2, events: 6, sinks: [{ sink: 'mail', orders: 2, events: 6 }] });
  expect(Date.parse(plan.oldest ?? '')).not.toBeNaN();
  expect(one).toMatchObject({ orders: 1, events: 3 });
  expect(none).toEqual({ orders: 0, events: 0, oldest: null, sinks: [] });
  expect(await planRedrive(world.db, EVERYTHING)).toEqual(plan);
});

test('a redrive delivers dead orders in order, before what came meanwhile', async () => {
  const { sink, orders, lanes } = await withDead(2);
  const id = aKey();
  await world.emit(orders[0] ?? '', 2);
  await lanes.pass();

  const answer = await ask(id);
  const begun = await progressOf(id);
  await lanes.passUntilIdle();

  expect(answer).toEqual({ outcome: 'accepted', total: 8, more: false });
  expect(begun).toEqual({ id, state: 'running', total: 8, done: 0, remaining: 8, failedAgain: 0 });
  expect(await progressOf(id)).toEqual({ id, state: 'finished', total: 8, done: 8, remaining: 0, failedAgain: 0 });
  for (const [at, last] of [5, 3].entries()) {
    const own = sink.firsts.filter((name) => name.startsWith(orders[at] ?? '?'));
    expect(own).toEqual(Array.from({ length: last }, (_, number) => `${orders[at]}/${number + 1}`));
  }
  expect(await parkedOf(sink)).toEqual({ waiting: 0, behind: 0, dead: 0 });
});

test('one redrive can have more events of an order than fit on a page', async () => {
  const { sink, orders, lanes } = await withDead(1);
  await world.emit(orders[0] ?? '', 200);
  await lanes.pass();
  const id = aKey();
  await ask(id);

  await lanes.pass();
  const between = await progressOf(id);
  await lanes.passUntilIdle();

  expect(between).toMatchObject({ state: 'running', total: 203, done: 100, remaining: 103 });
  expect(await progressOf(id)).toMatchObject({ state: 'finished', done: 203 });
  expect(sink.firsts).toHaveLength(203);
});

test('runs once for two requests with one key, and refuses other requests with that key', async () => {
  const { sink, lanes } = await withDead(1);
  const id = aKey();
  const both = await Promise.all([ask(id), ask(id)]);
  await lanes.passUntilIdle();
  sink.script = () => refuse(false);
  await world.emit(await world.newCheckout());
  await lanes.passUntilIdle();

  const again = await ask(id);

  expect(both).toEqual([
    { outcome: 'accepted', total: 3, more: false },
    { outcome: 'accepted', total: 3, more: false },
  ]);
  expect(again).toEqual({ outcome: 'accepted', total: 3, more: true });
  expect(await parkedOf(sink)).toMatchObject({ dead: 1 });
  expect(await ask(id, { reason: 'Another.' })).toEqual({ outcome: 'reused' });
  expect(await ask(id, { target: 'whe_1' })).toEqual({ outcome: 'reused' });
  const { rows } = await world.db.query(`select reason, operator from outbox_redrives`);
  expect(rows).toEqual([{ reason: 'Mended.', operator: 'key_1' }]);
});

test('delivers only what was asked for', async () => {
  const mail = await withDead(2);
  const other = await withDead(1, 'other');
  await ask(aKey(), { sink: 'mail', checkoutId: mail.orders[0] ?? null });
  await mail.lanes.passUntilIdle();
  await other.lanes.passUntilIdle();

  expect(await parkedOf(mail.sink)).toMatchObject({ dead: 1 });
  expect(await parkedOf(other.sink)).toMatchObject({ dead: 3 });
  expect(await ask(aKey(), { target: 'whe_1' })).toMatchObject({ total: 0 });
});

test('what fails again starts its retry schedule anew, and the redrive has ended', async () => {
  const { sink, orders, lanes } = await withDead(3);
  await world.db.query(`update outbox_parked set attempts = 14 where attempts > 0`);
  sink.script = ({ event }) => (event.checkoutId === orders[0] ? DELIVERED : refuse(event.checkoutId === orders[1]));
  const id = aKey();
  await ask(id);
  await lanes.passUntilIdle();

  expect(await progressOf(id)).toEqual({ id, state: 'finished', total: 9, done: 3, remaining: 0, failedAgain: 6 });
  const { rows } = await world.db.query<{
    aggregateid: string;
    attempts: number;
    due: boolean;
    redrive: string | null;
  }>(
    `select aggregateid, attempts, next_attempt_at is not null as due, redrive_id as redrive
       from outbox_parked
      where sequence = 1
      order by aggregateid`,
  );
  expect(rows).toEqual([
    { aggregateid: orders[1], attempts: 1, due: true, redrive: null },
    { aggregateid: orders[2], attempts: 1, due: false, redrive: null },
  ]);
});

test('when stopped, what was not tried is dead again, and another redrive finds all of it', async () => {
  const { sink, orders, lanes } = await withDead(2);
  await world.emit(orders[0] ?? '', 150);
  await lanes.pass();
  const id = aKey();
  await ask(id);
  await lanes.pass();

  const stopped = await stopRedrive(world.db, id, 'key_2');
  const again = await stopRedrive(world.db, id, 'key_3');
  await lanes.passUntilIdle();

  expect(stopped).toEqual({ id, state: 'stopped', total: 156, done: 103, remaining: 53, failedAgain: 0 });
  expect(again).toEqual(stopped);
  expect(sink.firsts).toHaveLength(103);
  expect(await parkedOf(sink)).toEqual({ waiting: 0, behind: 52, dead: 1 });
  await ask(aKey());
  await lanes.passUntilIdle();
  expect(sink.firsts).toHaveLength(156);
  const { rows } = await world.db.query(`select stopped_by from outbox_redrives where id = $1`, [id]);
  expect(rows).toEqual([{ stopped_by: 'key_2' }]);
});

test('a redrive that is stopped while a lane delivers its events strands none of them', async () => {
  const { sink, lanes } = await withDead(1);
  const [first, second] = [aKey(), aKey()];
  await ask(first);
  sink.script = async () => {
    await stopRedrive(world.db, first, 'key_1');
    await ask(second);
    return refuse(false);
  };
  await lanes.pass();

  expect(await progressOf(first)).toMatchObject({ state: 'stopped' });
  expect(await progressOf(second)).toEqual({
    ...{ id: second, state: 'finished', total: 3, done: 0, remaining: 0, failedAgain: 3 },
  });
  expect(await parkedOf(sink)).toEqual({ waiting: 0, behind: 2, dead: 1 });
});

test('an unknown redrive has no progress and cannot be stopped', async () => {
  const { sink, lanes } = await withDead(0);
  const id = aKey();

  expect(await progressOf(id)).toBeUndefined();
  expect(await stopRedrive(world.db, id, 'key_1')).toBeUndefined();
  expect(await ask(id)).toEqual({ outcome: 'accepted', total: 0, more: false });
  expect(await stopRedrive(world.db, id, 'key_1')).toMatchObject({ state: 'finished', total: 0 });
  await lanes.passUntilIdle();
  expect(sink.taken).toEqual([]);
});
