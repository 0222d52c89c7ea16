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

/** The place of every lane as it was, except for what `changes` says. */
const falsify = (sink: string, changes: string) =>
  world.db.query(`update outbox_cursors set ${changes} where sink = $1`, [sink]);

const FAR = `(pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000)::text`;

test.each([
  ['has seen transactions that the server has not come to', `snapshot = (${FAR} || ':' || ${FAR} || ':')::pg_snapshot`],
  [
    'is inside a difference up to where the server has not come',
    `target = (${FAR} || ':' || ${FAR} || ':')::pg_snapshot, after_txid = (${FAR})::xid8, after_position = 0`,
  ],
  ['was written on another server', `system_identifier = '1'`],
  ['was written on a timeline that the server has not reached', `timeline = 99`],
])('a stored place that %s is refused, told, and read again from the beginning', async (_, changes) => {
  const sink = new RecordingSink(`refused-${changes.length}`);
  const orders = await world.ordersOfAllShards();
  await world.stop(await world.start([sink]));
  await falsify(sink.name, changes);
  for (const id of orders) await world.emit(id);
  const told: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void told.push(line) });

  const relay = new Relay({ db: world.db, sinks: [sink], logger });
  await relay.start();
  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );
  await relay.stop();

  expect(told.filter((line) => line.includes('a stored place was refused'))).toHaveLength(8);
  const lag = (await outboxLag(world.db)).find((each) => each.sink === sink.name);
  expect(lag).toMatchObject({ rewinds: 8, rewindReason: expect.stringContaining('server') });
});

test('a place of this server is kept: nothing is delivered again after a restart of the relay', async () => {
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

test('the system identifier and the timeline of the server stand beside the cursors', async () => {
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

test('a log restored from a dump of another cluster stops the relay until the statements of docs/events.md were run; then all comes, in order', async () => {
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
