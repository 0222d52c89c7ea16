import { once } from 'node:events';
import net from 'node:net';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { buildApp } from '../../api/app';
import type { AppOptions } from '../../api/app';
import { EventFeed } from '../../src/checkouts/event-feed';
import { openDatabase } from '../../src/postgres/database';
import type { Queryable } from '../../src/postgres/database';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { accepted, stepsBefore, unwinding } from '../support/checkout-world';
import { EventReader } from '../support/event-reader';
import { eventually } from '../support/eventually';
import { TcpProxy } from '../support/tcp-proxy';
import { complete } from './setup';

const MIB = 1024 * 1024;

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** An API of its own that listens, with a feed that looks through `db` and whose queries are counted. */
async function listening({ db = world.db, ...overrides }: Partial<AppOptions> & { db?: Queryable } = {}) {
  const looks = { made: 0, atOnce: 0, mostAtOnce: 0, failed: 0 };
  const counting: Queryable = {
    async query(text, values) {
      looks.made += 1;
      looks.atOnce += 1;
      looks.mostAtOnce = Math.max(looks.mostAtOnce, looks.atOnce);
      return db.query<never>(text, values).finally(() => (looks.atOnce -= 1));
    },
  };
  const feed = new EventFeed(counting, () => (looks.failed += 1));
  const app = await buildApp({ ...world.options, events: feed, ...overrides });
  app.addHook('preClose', async () => feed.stop());
  const sockets: Socket[] = [];
  app.server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
  });
  open.push({ close: () => app.close() });
  const api = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, api, looks, sockets };
}

/** A client that asks for a stream and then does not read. */
async function stuckClient(api: string, checkoutId: string): Promise<Socket> {
  const socket = net.connect(Number(new URL(api).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(
    `GET /v1/checkouts/${checkoutId}/events HTTP/1.1\r\nhost: api\r\nauthorization: Bearer sk_sandbox_acme\r\n\r\n`,
  );
  return socket;
}

/** More than the kernel takes for somebody who does not read. */
async function announceMuch(checkoutId: string): Promise<void> {
  await world.db.query(
    `with counted as (update checkouts set event_count = event_count + 16 where id = $1 returning event_count - 16 as before)
     insert into outbox_events (aggregateid, sequence, type, payload)
     select $1, before + number, 'test.much', jsonb_build_object('much', repeat('x', 1024 * 1024))
       from counted, generate_series(1, 16) as number`,
    [checkoutId],
  );
}

const isStuck = (sockets: readonly Socket[]) =>
  eventually(() => (sockets.some(({ writableLength }) => writableLength > MIB) ? true : undefined));

test('a thousand streams: little memory, one query a look for all of them, and each gets its end', async () => {
  const { api, looks } = await listening();
  const orders = [];
  for (let batch = 0; batch < 100; batch += 1) {
    orders.push(...(await Promise.all(Array.from({ length: 10 }, () => accepted(world.db)))));
  }
  const before = memory();

  const readers = await Promise.all(orders.map(({ checkoutId }) => EventReader.open(api, checkoutId)));
  await Promise.all(readers.map((reader) => reader.until(({ received }) => received.length === 1)));
  const opened = looks.made;
  await eventually(() => (looks.made >= opened + 5 ? true : undefined));
  const grown = { heap: memory().heap - before.heap, rss: memory().rss - before.rss };
  const startedAt = Date.now();
  const looksBefore = looks.made;
  for (let at = 0; at < orders.length; at += 10) {
    await Promise.all(orders.slice(at, at + 10).map((order) => world.activities.cancelOrder(unwinding(order))));
  }
  const ends = await Promise.all(readers.map((reader) => reader.end()));
  const most = (Date.now() - startedAt) / 100;

  expect(new Set(ends)).toEqual(new Set([true]));
  expect(readers.filter(({ types }) => types.join() !== 'checkout.refused')).toEqual([]);
  // The thousand clients are in this process, too.
  expect(grown.heap).toBeLessThan(60 * MIB);
  expect(grown.rss).toBeLessThan(100 * MIB);
  expect(looks.mostAtOnce).toBe(1);
  // One every 100 ms, and some at once where a hundred and more ended between two looks.
  expect(looks.made - looksBefore).toBeLessThan(most + 20);
});

function memory() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed: heap, rss } = process.memoryUsage();
  return { heap, rss };
}

test('nobody follows, nobody looks; whoever hangs up is forgotten', async () => {
  const { api, looks, sockets } = await listening({ streamLimits: { most: 1 } });
  const [left, stays] = [await accepted(world.db), await accepted(world.db)];
  (await EventReader.open(api, left.checkoutId)).hangUp();
  await eventually(() => (sockets.length === 0 && looks.atOnce === 0 ? true : undefined));
  const made = looks.made;

  // Something else that takes several looks, over another feed.
  const beside = await listening();
  const reader = await EventReader.open(beside.api, stays.checkoutId);
  await eventually(() => (beside.looks.made >= 5 ? true : undefined));

  // The look that had been arranged may have found nobody.
  expect(looks.made).toBeLessThanOrEqual(made + 1);
  expect((await EventReader.open(api, stays.checkoutId)).status).toBe(200);
  reader.hangUp();
});

test('more streams than there are seats: 503 for all together, 429 for one key, and 404 takes none', async () => {
  const { api } = await listening({ streamLimits: { most: 3, mostOfAKey: 2 } });
  const { checkoutId } = await accepted(world.db);
  const operator = { apiKey: 'sk_sandbox_operator' };
  for (let i = 0; i < 5; i += 1) await (await EventReader.open(api, `chk_${'0'.repeat(32)}`)).end();

  const mine = [await EventReader.open(api, checkoutId), await EventReader.open(api, checkoutId)];
  const tooMany = await EventReader.open(api, checkoutId);
  const third = await EventReader.open(api, checkoutId, operator);
  const full = await EventReader.open(api, checkoutId, operator);
  await Promise.all([tooMany.end(), full.end()]);
  mine[0]?.hangUp();
  const again = await eventually(async () => {
    const reader = await EventReader.open(api, checkoutId);
    return reader.status === 200 ? reader : undefined;
  });

  expect([tooMany, full].map(({ status, text, headers }) => [status, codeIn(text), headers['retry-after']])).toEqual([
    [429, 'too-many-requests', '5'],
    [503, 'unavailable', '5'],
  ]);
  expect([third.status, again.status]).toEqual([200, 200]);
});

const codeIn = (text: string) => (JSON.parse(text) as { code: string }).code;

test('a client that does not read is cut off at the next event, and resumes behind what it saw', async () => {
  const { api, sockets } = await listening();
  const order = await accepted(world.db);
  const stuck = await stuckClient(api, order.checkoutId);
  await announceMuch(order.checkoutId);
  await isStuck(sockets);

  await stepsBefore(world.activities, order, 1);
  await eventually(() => (sockets.length === 0 ? true : undefined));
  const resumed = await EventReader.open(api, order.checkoutId, { lastEventId: 16 });
  await resumed.until(({ events }) => events.length === 1);

  expect(resumed.types).toEqual(['order.created']);
  stuck.destroy();
});

test('a server that closes ends its streams at once and does not wait for those who do not read', async () => {
  const { app, api, sockets } = await listening();
  const [order, other] = [await accepted(world.db), await accepted(world.db)];
  const stuck = await stuckClient(api, order.checkoutId);
  await announceMuch(order.checkoutId);
  await isStuck(sockets);
  const reader = await EventReader.open(api, other.checkoutId);
  const startedAt = Date.now();

  await app.close();

  expect(await reader.end()).toBe(true);
  expect(reader.types).toEqual([]);
  expect(Date.now() - startedAt).toBeLessThan(4_000);
  stuck.destroy();
});

test("keep-alives hold a silent stream open beyond the server's limit for idle connections", async () => {
  const { app, api } = await listening({ streamLimits: { keepAliveMs: 20 } });
  const silent = await listening({ streamLimits: { keepAliveMs: 60_000 } });
  for (const { server } of [app, silent.app]) server.setTimeout(200);
  const { checkoutId } = await accepted(world.db);

  const reader = await EventReader.open(api, checkoutId);
  const cut = await EventReader.open(silent.api, checkoutId);
  expect(await cut.end()).toBe(false);
  await reader.until(({ keepAlives }) => keepAlives > 20);

  await complete(world, checkoutId);
  expect(await reader.end()).toBe(true);
  expect(reader.events).toHaveLength(8);
});

test('Postgres away for a moment: the streams stay, and nothing is lost or comes twice', async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const db = openDatabase(url, { connections: 2, onIdleError: () => undefined });
  open.push(proxy, db);
  const { api, looks } = await listening({ db });
  const order = await accepted(world.db);
  const reader = await EventReader.open(api, order.checkoutId);
  await stepsBefore(world.activities, order, 1);
  await reader.until(({ events }) => events.length === 1);

  proxy.refuse();
  await complete(world, order.checkoutId);
  await eventually(() => (looks.failed > 0 ? true : undefined));
  proxy.accept();

  expect(await reader.end()).toBe(true);
  expect(reader.events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
