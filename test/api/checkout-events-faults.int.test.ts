import { once } from 'node:events';
import net from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { AppOptions } from '../../api/app';
import { openDatabase } from '../../src/postgres/database';
import type { Queryable } from '../../src/postgres/database';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { accepted, stepsBefore } from '../support/checkout-world';
import { EventReader } from '../support/event-reader';
import { eventually } from '../support/eventually';
import { listeningApi } from '../support/listening-api';
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

async function listening(options: Partial<AppOptions> & { db?: Queryable } = {}) {
  const api = await listeningApi(world, options);
  open.push(api.app);
  return api;
}

/** A client that opens a stream and then does not read. A busy process answers 503 for a while, and it tries again. */
const stuckClient = (api: string, checkoutId: string): Promise<Socket> =>
  eventually(async () => {
    const socket = net.connect(Number(new URL(api).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `GET /v1/checkouts/${checkoutId}/events HTTP/1.1\r\nhost: api\r\nauthorization: Bearer sk_sandbox_acme\r\n\r\n`,
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    if (head.toString().startsWith('HTTP/1.1 200')) return socket;
    socket.destroy();
    return undefined;
  });

/** More than the kernel buffers for a client that does not read. */
async function announceMuch(checkoutId: string): Promise<void> {
  await world.db.query(
    `with counted as (update checkouts set event_count = event_count + 16 where id = $1 returning event_count - 16 as before)
     insert into outbox_events (aggregateid, sequence, type, payload, tenant)
     select $1, before + number, 'test.much', jsonb_build_object('much', repeat('x', 1024 * 1024)), 'acme'
       from counted, generate_series(1, 16) as number`,
    [checkoutId],
  );
}

const isStuck = (sockets: readonly Socket[]) =>
  eventually(() => (sockets.some(({ writableLength }) => writableLength > MIB) ? true : undefined));

test('closes the stream of a client that does not read, which then resumes after the last event it received', async () => {
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

test('a closing server ends its streams without waiting for clients that do not read', async () => {
  const { app, api, sockets } = await listening();
  const [order, other] = [await accepted(world.db), await accepted(world.db)];
  const stuck = await stuckClient(api, order.checkoutId);
  await announceMuch(order.checkoutId);
  await isStuck(sockets);
  const reader = await EventReader.open(api, other.checkoutId);

  await app.close();

  expect(await reader.end()).toBe(true);
  expect(reader.types).toEqual([]);
  stuck.destroy();
});

test("keep-alives hold a silent stream open beyond the server's idle timeout", async () => {
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

test('streams survive a short Postgres outage without losing or repeating events', async () => {
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
