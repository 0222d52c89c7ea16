import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { POLL } from '../../src/outbox/log/log-poll';
import { ServerChanged } from '../../src/outbox/log/server';
import { DELIVERED } from '../../src/outbox/sink';
import { namesOfTexts } from '../../src/postgres/session';
import { testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { laneByHand, pass } from '../support/lane-by-hand';
import { RecordingSink } from '../support/outbox-world';
import { crashBackend, startOwnPostgres } from '../support/own-postgres';
import type { OwnPostgres } from '../support/own-postgres';
import { startRelayProcess } from '../support/relay-process';
import { relayWorld } from '../support/relays';
import type { RelayWorld } from '../support/relays';
import { rollBackOrders } from '../support/rolled-back-orders';

/** Not every crash takes transaction ids with it. */
const CRASHES = 6;
const CRASHES_OF_A_PROCESS = 3;
const ROLLED_BACK_FOR_MS = 500;
/** The name under which a relay's poll is prepared: on the wire each time, where its text is only the first time. */
const POLL_NAME = namesOfTexts()(POLL);

let postgres: OwnPostgres;
let world: RelayWorld;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  world = await relayWorld({ url: postgres.url, drop: async () => undefined });
});
afterEach(() => world.stopAll());
afterAll(async () => {
  await world.close();
  await postgres.stop();
});

const has = (sink: RecordingSink, names: readonly string[]) =>
  eventually(() => (names.every((name) => sink.firsts.includes(name)) ? true : undefined));

test('a crash of Postgres, after which transaction ids are used again, loses no event', async () => {
  const sink = new RecordingSink('crash');
  const orders = await world.ordersOfAllShards();
  await world.start([sink]);

  for (let crash = 1; crash <= CRASHES; crash += 1) {
    await rollBackOrders(world.db, orders[0] ?? '', ROLLED_BACK_FOR_MS);
    await crashBackend(postgres.url);
    for (const id of orders) await world.emit(id);
    await has(
      sink,
      orders.map((id) => `${id}/${crash}`),
    );
  }

  for (const id of orders) {
    const mine = sink.firsts.filter((name) => name.startsWith(id));
    expect(mine).toEqual(Array.from({ length: CRASHES }, (_, at) => `${id}/${at + 1}`));
  }
});

test('a relay process survives the same crashes, and stops in order', async () => {
  const [redis, stream] = [new Redis(testEnvironment('TEST_REDIS_URL')), `events-${randomUUID()}`];
  const relay = await startRelayProcess({
    DATABASE_URL: postgres.url,
    REDIS_URL: testEnvironment('TEST_REDIS_URL'),
    REDIS_STREAM: stream,
    SINKS: 'redis',
  });
  const orders = await world.ordersOfAllShards();
  const published = async () => {
    const entries = await redis.xrange(stream, '-', '+');
    return new Set(
      entries.map(([, fields]) => {
        const { subject, sequence } = JSON.parse(fields[fields.indexOf('event') + 1] ?? '') as Record<string, string>;
        return `${subject}/${sequence}`;
      }),
    );
  };

  try {
    for (let crash = 1; crash <= CRASHES_OF_A_PROCESS; crash += 1) {
      await rollBackOrders(world.db, orders[0] ?? '', ROLLED_BACK_FOR_MS);
      await crashBackend(postgres.url);
      for (const id of orders) await world.emit(id);
      await eventually(async () => {
        const names = await published();
        return orders.every((id) => names.has(`${id}/${crash}`)) ? true : undefined;
      });
    }
    expect(await relay.stop()).toBe(0);
  } finally {
    relay.kill();
    redis.disconnect();
  }
});

test('after any lost connection the lanes begin again at what is written down', async () => {
  const sink = new RecordingSink('lost-connection');
  const checkoutId = await world.newCheckout();
  await world.start([sink], world.farAway);
  await world.emit(checkoutId);
  await has(sink, [`${checkoutId}/1`]);
  const times = () => sink.taken.filter((parcel) => parcel.event.checkoutId === checkoutId).length;
  await eventually(async () => {
    const { rows } = await world.db.query<{ counted: number }>(
      `select sum(delivered)::integer as counted from outbox_cursors where sink = $1`,
      [sink.name],
    );
    return rows[0]?.counted === sink.taken.length ? true : undefined;
  });

  await world.db.query(`update outbox_cursors set snapshot = '1:1:' where sink = $1`, [sink.name]);
  await world.proxy.loseAnswerTo(POLL_NAME);

  await eventually(() => (times() === 2 ? true : undefined));
});

test('a page that was begun before a crash moves no cursor after it, and parks nothing', async () => {
  const sink = new RecordingSink('begun-before');
  const lane = await laneByHand(world, sink);
  const [bad, good] = [await world.newCheckout(), await world.newCheckout()];
  await world.emit(bad);
  await world.emit(good);
  const written = async () => {
    const { rows } = await world.db.query(
      `select snapshot::text, delivered, (select count(*) from outbox_parked where sink = $1) as parked
         from outbox_cursors where sink = $1 and shard = 0`,
      [sink.name],
    );
    return rows[0];
  };
  const before = await written();
  sink.script = async ({ event }) => {
    if (event.checkoutId === good) await crashBackend(postgres.url);
    return event.checkoutId === bad ? { status: 'failed', retry: true, reason: 'malformed' } : DELIVERED;
  };

  expect(await pass(world, lane)).toBeInstanceOf(ServerChanged);

  expect(sink.firsts).toContain(`${good}/1`);
  expect(await written()).toEqual(before);
  expect(await pass(world, lane)).toBeInstanceOf(ServerChanged);
});
