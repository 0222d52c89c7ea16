import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { LEASE_MS } from '../../src/outbox/log/leases';
import { DELIVERED } from '../../src/outbox/sink';
import { eventually } from '../support/eventually';
import { RecordingSink } from '../support/outbox-world';
import { relayWorld } from '../support/relays';
import type { RelayWorld } from '../support/relays';

let world: RelayWorld;
beforeAll(async () => (world = await relayWorld()));
afterEach(() => world.stopAll());
afterAll(() => world.close());

const has = (sink: RecordingSink, names: readonly string[]) =>
  eventually(() => (names.every((name) => sink.firsts.includes(name)) ? true : undefined));

const namesOf = (id: string, to: number): string[] => Array.from({ length: to }, (_, at) => `${id}/${at + 1}`);

test('two relays share the lanes, and every order arrives in order', async () => {
  const sink = new RecordingSink('shared');
  const orders = [...(await world.ordersOfAllShards()), ...(await world.ordersOfAllShards())];

  for (let relay = 0; relay < 2; relay += 1) await world.start([sink]);
  for (let round = 0; round < 5; round += 1) await Promise.all(orders.map((id) => world.emit(id, 2)));
  await world.shared('shared', [4, 4]);
  await Promise.all(orders.map((id) => world.emit(id)));
  await has(
    sink,
    orders.flatMap((id) => namesOf(id, 11)),
  );

  for (const id of orders) expect(sink.firsts.filter((name) => name.startsWith(id))).toEqual(namesOf(id, 11));
});

test('when one of three relays leaves, the other two take its lanes', async () => {
  const sink = new RecordingSink('three');
  const relays = [await world.start([sink]), await world.start([sink]), await world.start([sink])];
  await world.shared('three', [3, 3, 2]);

  for (const relay of relays.slice(2)) await world.stop(relay);
  await world.shared('three', [4, 4]);
  const orders = await world.ordersOfAllShards();
  await Promise.all(orders.map((id) => world.emit(id)));

  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );
});

test('a relay that stops gives its lanes back immediately', async () => {
  const relay = await world.start([new RecordingSink('given-back')]);
  await world.shared('given-back', [8]);

  await world.stop(relay);

  const { rows } = await world.db.query(
    `select from outbox_cursors where sink = 'given-back' and owner is null and leased_until <= now()`,
  );
  expect(rows).toHaveLength(8);
});

test('relays with different sinks share only the lanes of common sinks', async () => {
  const [common, own] = [new RecordingSink('common'), new RecordingSink('own')];
  await world.start([common, own]);
  await world.start([common]);

  await world.shared('common', [4, 4]);
  await world.shared('own', [8]);
  const orders = await world.ordersOfAllShards();
  await Promise.all(orders.map((id) => world.emit(id)));

  await has(
    common,
    orders.map((id) => `${id}/1`),
  );
  await has(
    own,
    orders.map((id) => `${id}/1`),
  );
});

test('a sink that is added later begins at the beginning of the log', async () => {
  const orders = await world.ordersOfAllShards();
  await Promise.all(orders.map((id) => world.emit(id, 3)));
  const late = new RecordingSink('late');

  await world.start([late]);

  await has(
    late,
    orders.flatMap((id) => namesOf(id, 3)),
  );
  for (const id of orders) expect(late.firsts.filter((name) => name.startsWith(id))).toEqual(namesOf(id, 3));
});

test('a lane that hangs in its sink costs the relay no other lane, even while it has to give some back', async () => {
  const sink = new RecordingSink('hanging');
  const orders = await world.ordersOfAllShards();
  let release: () => void = () => undefined;
  const hanging = new Promise<void>((resolve) => (release = resolve));
  sink.script = async ({ event }) => {
    if (orders.slice(4).includes(event.checkoutId)) await hanging;
    return DELIVERED;
  };
  const first = await world.start([sink]);
  await Promise.all(orders.map((id) => world.emit(id)));
  await has(
    sink,
    orders.slice(0, 4).map((id) => `${id}/1`),
  );

  await world.start([sink]);
  const ownLeases = async () => {
    const { rows } = await world.db.query<{ fresh: boolean }>(
      `select leased_until > $2 as fresh from outbox_cursors where sink = 'hanging' and owner = $1 and shard < 4`,
      [first.id, new Date(begin + 2 * LEASE_MS)],
    );
    return rows.length === 4 && rows.every(({ fresh }) => fresh) ? true : undefined;
  };
  const begin = Date.now();
  await eventually(ownLeases);
  release();
  await world.shared('hanging', [4, 4]);

  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );
});
