import { afterEach, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import { eventually } from '../support/eventually';
import { RecordingSink } from '../support/outbox-world';
import { startOwnPostgres } from '../support/own-postgres';
import { relayWorld } from '../support/relays';
import { rollBackOrders } from '../support/rolled-back-orders';
import { promote, startStandby } from '../support/standby';
import { TcpProxy } from '../support/tcp-proxy';

/** So that rolled-back transactions reach neither the disk nor the standby, unless something is committed after them. */
const SLOW_WAL_WRITER = 'wal_writer_delay = 10s';
const ROLLED_BACK_FOR_MS = 500;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

const has = (sink: RecordingSink, names: readonly string[]) =>
  eventually(() => (names.every((name) => sink.firsts.includes(name)) ? true : undefined));

test('a standby that takes over at the same address loses no event, and the cursors record its timeline', async () => {
  const primary = await startOwnPostgres([SLOW_WAL_WRITER]);
  undo.push(() => primary.stop());
  const standby = await startStandby(primary);
  undo.push(() => standby.stop());
  const { proxy, url } = await TcpProxy.inFrontOf(primary.url);
  undo.push(() => proxy.close());
  const world = await relayWorld({ url, drop: async () => undefined });
  undo.push(() => world.close());
  const onStandby = openDatabase(standby.url, { connections: 1, onIdleError: () => undefined });
  undo.push(() => onStandby.close());
  const sink = new RecordingSink('failover');
  const orders = await world.ordersOfAllShards();
  await world.start([sink]);
  for (const id of orders) await world.emit(id);
  await has(
    sink,
    orders.map((id) => `${id}/1`),
  );
  await eventually(async () => {
    const { rows } = await onStandby.query<{ events: bigint }>('select count(*) as events from outbox_events');
    return rows[0]?.events === BigInt(orders.length) ? true : undefined;
  });

  await rollBackOrders(world.db, orders[0] ?? '', ROLLED_BACK_FOR_MS);
  await primary.kill();
  await promote(standby.url);
  proxy.moveTo(standby.url);
  for (const id of orders) await world.emit(id);
  await has(
    sink,
    orders.map((id) => `${id}/2`),
  );

  for (const id of orders) {
    expect(sink.firsts.filter((name) => name.startsWith(id))).toEqual([`${id}/1`, `${id}/2`]);
  }
  await eventually(async () => {
    const { rows } = await onStandby.query<{ timeline: number }>(`select distinct timeline from outbox_cursors`);
    return rows.length === 1 && rows[0]?.timeline === 2 ? true : undefined;
  });
});
