import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { outboxLag } from '../../src/outbox/operators/lag';
import { Relay } from '../../src/outbox/relay/relay';
import { packageRoot } from '../../src/local/stack/package-root';
import { eventually } from '../support/eventually';
import { nameOf, RecordingSink } from '../support/outbox-world';
import { relayWorld } from '../support/relays';
import type { RelayWorld } from '../support/relays';

let world: RelayWorld;
beforeAll(async () => (world = await relayWorld()));
afterEach(() => world.stopAll());
afterAll(() => world.close());

const has = (sink: RecordingSink, names: readonly string[]) =>
  eventually(() => (names.every((name) => sink.firsts.includes(name)) ? true : undefined));

const outboxPage = readFileSync(path.join(packageRoot(), 'docs/events.md'), 'utf8');

/** Every lane's cursor, unchanged except for `changes`. */
const falsify = (sink: string, changes: string) =>
  world.db.query(`update outbox_cursors set ${changes} where sink = $1`, [sink]);

const FAR = `(pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000)::text`;

test.each([
  ['has seen transactions that the server has not reached', `snapshot = (${FAR} || ':' || ${FAR} || ':')::pg_snapshot`],
  [
    'is inside a difference beyond what the server has reached',
    `target = (${FAR} || ':' || ${FAR} || ':')::pg_snapshot, after_txid = (${FAR})::xid8, after_position = 0`,
  ],
  ['was written on another server', `system_identifier = '1'`],
  ['was written on a timeline that the server has not reached', `timeline = 99`],
])('refuses and reports a stored cursor that %s, and reads again from the beginning', async (_, changes) => {
  const sink = new RecordingSink(`refused-${changes.length}`);
  const orders = await world.ordersOfAllShards();
  await world.stop(await world.start([sink]));
  await falsify(sink.name, changes);
  for (const id of orders) await world.emit(id);
  const logged: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });

  const relay = new Relay({ db: world.db, sinks: [sink], logger });
  await relay.start();
  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );
  await relay.stop();

  expect(logged.filter((line) => line.includes('a stored place was refused'))).toHaveLength(8);
  const lag = (await outboxLag(world.db)).find((each) => each.sink === sink.name);
  expect(lag).toMatchObject({ rewinds: 8, rewindReason: expect.stringContaining('server') });
});

test('keeps a cursor of this server, so that a restarted relay delivers nothing again', async () => {
  const sink = new RecordingSink('kept');
  const orders = await world.ordersOfAllShards();
  for (const id of orders) await world.emit(id);
  await world.stop(await world.start([sink]));
  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );

  await world.start([sink]);
  for (const id of orders) await world.emit(id);
  await has(
    sink,
    orders.map((id) => `${id}/2`),
  );

  const mine = sink.taken.map(({ event }) => nameOf(event)).filter((name) => orders.some((id) => name.startsWith(id)));
  expect([...mine].sort()).toEqual(orders.flatMap((id) => [`${id}/1`, `${id}/2`]).sort());
});

test("the cursors record the server's system identifier and timeline", async () => {
  await world.start([new RecordingSink('stamped')]);

  const [row] = await eventually(async () => {
    const { rows } = await world.db.query<{ same: boolean; timeline: number; lanes: bigint }>(
      `select count(*) as lanes, timeline, system_identifier = (select system_identifier::text from pg_control_system()) as same
         from outbox_cursors
        where sink = 'stamped' and system_identifier is not null
        group by 2, 3`,
    );
    return rows[0]?.lanes === 8n ? rows : undefined;
  });
  expect(row).toMatchObject({ same: true, timeline: 1 });
});

test("a log restored from another cluster's dump stops the relay until the statements of docs/events.md are run; then all comes, in order", async () => {
  const sink = new RecordingSink('restored');
  const orders = await world.ordersOfAllShards();
  for (const id of orders) await world.emit(id, 2);
  await world.db.query(`update outbox_events set txid = (${FAR})::xid8`);
  await world.db.query(`update checkouts set last_event_txid = (${FAR})::xid8`);

  await expect(world.start([sink])).rejects.toThrow('it was restored from a dump');
  const [, statements = ''] = /\n```sql\n(update outbox_events[^`]+)```/.exec(outboxPage) ?? [];
  for (const statement of statements.trim().split('\n')) await world.db.query(statement);
  await world.start([sink]);
  for (const id of orders) await world.emit(id);
  await has(
    sink,
    orders.map((id) => `${id}/3`),
  );

  const mine = sink.taken.map(({ event }) => nameOf(event));
  for (const id of orders)
    expect(mine.filter((name) => name.startsWith(id))).toEqual([1, 2, 3].map((n) => `${id}/${n}`));
});
