import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { structured } from '../../src/outbox/cloud-event';
import { LeaseLost } from '../../src/outbox/log/cursors';
import { DELIVERED } from '../../src/outbox/sink';
import { eventually } from '../support/eventually';
import { laneByHand, pass } from '../support/lane-by-hand';
import { nameOf, RecordingSink } from '../support/outbox-world';
import { relayWorld } from '../support/relays';
import type { RelayWorld } from '../support/relays';

let world: RelayWorld;
beforeAll(async () => (world = await relayWorld()));
afterEach(() => world.stopAll());
afterAll(() => world.close());

/** The statement as sent, so that no name or value that contains the word matches. */
const COMMIT = 'commit\0';

const namesOf = (id: string, to: number): string[] => Array.from({ length: to }, (_, at) => `${id}/${at + 1}`);
const firstsOf = (sink: RecordingSink, id: string): string[] => sink.firsts.filter((name) => name.startsWith(id));
const has = (sink: RecordingSink, names: readonly string[]) =>
  eventually(() => (names.every((name) => sink.firsts.includes(name)) ? true : undefined));

async function cursorOf(sink: string) {
  const { rows } = await world.db.query<{ snapshot: string; delivered: bigint; failing: boolean }>(
    `select snapshot::text, delivered, failing_since is not null as failing from outbox_cursors where sink = $1 and shard = 0`,
    [sink],
  );
  return rows[0];
}

/** When the last of the sink's leases ends, by the database's clock. */
async function leasedUntil(sink: string): Promise<string> {
  const { rows } = await world.db.query<{ until: string }>(
    `select max(leased_until)::text as until from outbox_cursors where sink = $1`,
    [sink],
  );
  return rows[0]?.until ?? '';
}

/** How many events are recorded as delivered, in all lanes. */
async function countedFor(sink: string): Promise<number> {
  const { rows } = await world.db.query<{ counted: number }>(
    `select sum(delivered)::integer as counted from outbox_cursors where sink = $1`,
    [sink],
  );
  return rows[0]?.counted ?? 0;
}

test('delivers what the sink took before a crash again, with the same id and bytes', async () => {
  const sink = new RecordingSink('crash');
  const lane = await laneByHand({ ...world, db: world.farAway }, sink);
  const checkoutId = await world.newCheckout();
  await world.emit(checkoutId, 2);
  sink.script = () => {
    world.proxy.refuse();
    return DELIVERED;
  };

  expect(await pass({ ...world, db: world.farAway }, lane)).toBeInstanceOf(Error);
  world.proxy.accept();
  sink.script = () => DELIVERED;
  await pass(world, lane);

  const bytes = sink.taken.map(({ event }) => structured(event)).filter((each) => each.includes(checkoutId));
  expect(bytes).toHaveLength(4);
  expect(new Set(bytes).size).toBe(2);
  expect(firstsOf(sink, checkoutId)).toEqual(namesOf(checkoutId, 2));
});

test('a lane that lost its lease moves no cursor, and the lane that took it has everything', async () => {
  const sink = new RecordingSink('stolen');
  const slow = await laneByHand(world, sink);
  const checkoutId = await world.newCheckout();
  await world.emit(checkoutId, 2);
  let moved: unknown;
  sink.script = async ({ event }) => {
    if (event.checkoutId === checkoutId && moved === undefined) {
      moved = null;
      const fast = await laneByHand(world, sink);
      await world.emit(checkoutId, 2);
      await pass(world, fast);
      moved = await cursorOf('stolen');
    }
    return DELIVERED;
  };

  const outcome = await pass(world, slow);

  expect(outcome).toBeInstanceOf(LeaseLost);
  expect(await cursorOf('stolen')).toEqual(moved);
  expect(firstsOf(sink, checkoutId)).toEqual(namesOf(checkoutId, 4));
});

test('a relay that is cut off loses its lanes to another when its leases end, and gets its share when it is back', async () => {
  const sink = new RecordingSink('cut-off');
  const orders = await world.ordersOfAllShards();
  await world.start([sink], world.farAway);
  await Promise.all(orders.map((id) => world.emit(id)));
  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );

  world.proxy.refuse();
  const until = await leasedUntil('cut-off');
  await world.start([sink]);
  await Promise.all(orders.map((id) => world.emit(id)));
  await has(
    sink,
    orders.map((id) => `${id}/2`),
  );
  const [takenOver] = (await world.db.query<{ isLate: boolean }>(`select now() > $1::timestamptz as "isLate"`, [until]))
    .rows;
  world.proxy.accept();
  await world.shared('cut-off', [4, 4]);
  await Promise.all(orders.map((id) => world.emit(id)));
  await has(
    sink,
    orders.map((id) => `${id}/3`),
  );

  expect(takenOver).toEqual({ isLate: true });
  for (const id of orders) expect(firstsOf(sink, id)).toEqual(namesOf(id, 3));
});

test('a relay starts although another was stopped in the middle of moving a cursor, and takes the other lanes', async () => {
  const sink = new RecordingSink('stopped-inside');
  await laneByHand(world, sink);
  const stopped = await world.openTransaction();
  await stopped.tx.query(`update outbox_cursors set delivered = 0 where sink = 'stopped-inside' and shard = 3`);
  await world.db.query(`update outbox_cursors set leased_until = now() where sink = 'stopped-inside' and shard <> 3`);

  await world.start([sink]);

  await world.shared('stopped-inside', [7, 1]);
  await stopped.end('rollback');
  await world.shared('stopped-inside', [8]);
});

test('the relay recovers by itself from short Postgres outages, in order', async () => {
  const sink = new RecordingSink('postgres-away');
  const orders = await world.ordersOfAllShards();
  await world.start([sink], world.farAway);

  for (let outage = 1; outage <= 3; outage += 1) {
    world.proxy.refuse();
    await Promise.all(orders.map((id) => world.emit(id)));
    world.proxy.accept();
    await has(
      sink,
      orders.map((id) => `${id}/${outage}`),
    );
  }

  for (const id of orders) expect(firstsOf(sink, id)).toEqual(namesOf(id, 3));
});

test('relays lanes that were granted in a lost answer', async () => {
  const sink = new RecordingSink('lost-grant');
  const orders = await world.ordersOfAllShards();
  await Promise.all(orders.map((id) => world.emit(id)));
  await laneByHand(world, sink);
  const relay = await world.start([sink], world.farAway);
  const seenAt = async () => {
    const { rows } = await world.db.query<{ seen: Date }>(`select seen_at as seen from outbox_relays where id = $1`, [
      relay.id,
    ]);
    return rows[0]?.seen.getTime() ?? 0;
  };

  // Just after the relay has looked for lanes and found none, so that the next look takes eight, and the answer to it is lost.
  const before = await seenAt();
  await eventually(async () => ((await seenAt()) > before ? true : undefined));
  const lost = world.proxy.loseAnswerTo('lost-grant');
  await world.db.query(`update outbox_cursors set leased_until = now() where sink = 'lost-grant'`);
  await lost;

  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );
});

test('does not repeat a commit whose answer is lost: delivered, parked and counted once', async () => {
  const sink = new RecordingSink('lost-answer');
  const [bad, good] = [await world.newCheckout(), await world.newCheckout()];
  sink.script = ({ event }) =>
    event.checkoutId === bad ? { status: 'failed', retry: false, reason: 'malformed' } : DELIVERED;
  await world.start([sink], world.farAway);
  await world.emit(good);
  await has(sink, namesOf(good, 1));
  // What other tests have left in the log is counted too.
  const settled = () =>
    eventually(async () => ((await countedFor('lost-answer')) === sink.taken.length ? true : undefined));
  await settled();

  const lost = world.proxy.loseAnswerTo(COMMIT);
  const page = await world.openTransaction();
  for (const id of [bad, good]) {
    await page.lock(id);
    await page.append(id);
    await page.append(id);
  }
  await page.end('commit');
  await lost;
  await world.emit(good);
  await has(sink, namesOf(good, 4));

  const taken = sink.taken.map(({ event }) => nameOf(event)).filter((name) => name.startsWith(good));
  expect(taken).toEqual(namesOf(good, 4));
  await settled();
  const { rows } = await world.db.query(
    `select sequence, attempts from outbox_parked where sink = 'lost-answer' order by sequence`,
  );
  expect(rows).toEqual([
    { sequence: 1n, attempts: 1 },
    { sequence: 2n, attempts: 0 },
  ]);
});

test('a sink that is down for a while loses nothing, parks nothing, and holds up no other sink', async () => {
  const [away, there] = [new RecordingSink('away'), new RecordingSink('there')];
  const orders = await world.ordersOfAllShards();
  away.script = () => {
    throw new Error('connection refused');
  };
  await world.start([away, there]);

  await Promise.all(orders.map((id) => world.emit(id, 2)));
  await has(
    there,
    orders.flatMap((id) => namesOf(id, 2)),
  );
  await eventually(async () => ((await cursorOf('away'))?.failing ? true : undefined));
  away.script = () => DELIVERED;
  await has(
    away,
    orders.flatMap((id) => namesOf(id, 2)),
  );

  for (const id of orders) expect(firstsOf(away, id)).toEqual(namesOf(id, 2));
  const { rows } = await world.db.query(`select from outbox_parked where sink in ('away', 'there')`);
  expect(rows).toEqual([]);
  await eventually(async () => ((await cursorOf('away'))?.failing ? undefined : true));
});
