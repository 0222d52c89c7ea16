import { once } from 'node:events';
import net from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import type { AppOptions } from '../../api/app';
import { createApiKey } from '../../src/tenants/create-api-key';
import { callerFinder } from '../../src/tenants/find-caller';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { accepted } from '../support/checkout-world';
import { EventReader } from '../support/event-reader';
import { eventually } from '../support/eventually';
import { listeningApi } from '../support/listening-api';
import { parsePrometheus } from '../support/prometheus-text';
import { calm } from './calm';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function listening(options: Partial<AppOptions>) {
  const api = await listeningApi(world, options);
  open.push(api.app);
  await calm(api.app);
  return api;
}

type Api = Awaited<ReturnType<typeof listening>>;

const requestOf = (checkoutId: string, apiKey = 'sk_sandbox_acme') =>
  `GET /v1/checkouts/${checkoutId}/events HTTP/1.1\r\nhost: api\r\nauthorization: Bearer ${apiKey}\r\n\r\n`;

async function connected({ api }: Api): Promise<Socket> {
  const socket = net.connect(Number(new URL(api).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const allGone = ({ sockets }: Api) => eventually(() => (sockets.length === 0 ? true : undefined));

/** The statuses that a client gets who opens this many streams. */
async function statusesOf({ api }: Api, checkoutId: string, streams: number, apiKey?: string) {
  const readers = [];
  for (let at = 0; at < streams; at += 1)
    readers.push(await EventReader.open(api, checkoutId, apiKey ? { apiKey } : {}));
  const statuses = readers.map(({ status }) => status);
  readers.forEach((reader) => reader.hangUp());
  return new Set(statuses);
}

async function seatMetrics({ app }: Api) {
  const metrics = parsePrometheus((await app.inject('/metrics')).body);
  const valueOf = (name: string) => metrics.get(`durable_checkout_${name}`)?.samples[0]?.value;
  return { open: valueOf('event_streams_open'), lost: valueOf('event_stream_seats_lost_total') };
}

const SEATS = 20;

test('frees every seat of a thousand streams pipelined on one connection that is then destroyed', async () => {
  const api = await listening({ streamLimits: { most: SEATS, mostOfAKey: SEATS } });
  const { checkoutId } = await accepted(world.db);

  const socket = await connected(api);
  const answered = once(socket, 'data');
  socket.write(requestOf(checkoutId).repeat(1_000));
  expect(String(await answered)).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
  await allGone(api);

  expect(await statusesOf(api, checkoutId, SEATS)).toEqual(new Set([200]));
  await allGone(api);
  expect(await seatMetrics(api)).toEqual({ open: 0, lost: 0 });
});

test('pipelined streams take one seat per connection, for as long as the first of them is open', async () => {
  const api = await listening({ streamLimits: { most: 3, mostOfAKey: 3 } });
  const { checkoutId } = await accepted(world.db);

  const sockets = await Promise.all([connected(api), connected(api)]);
  const answered = sockets.map((socket) => once(socket, 'data'));
  sockets.forEach((socket) => void socket.write(requestOf(checkoutId).repeat(10)));
  await Promise.all(answered);

  expect(await seatMetrics(api)).toEqual({ open: 2, lost: 0 });
  expect(await statusesOf(api, checkoutId, 1)).toEqual(new Set([200]));
  sockets.forEach((socket) => void socket.destroy());
});

test('keeps no seat for clients that disconnect while their key is looked up and Postgres is stalled', async () => {
  const findCaller = callerFinder(world.db, { sandbox: false, now: world.clock.now });
  const apiKey = await createApiKey(world.db, { tenant: 'acme', scope: 'merchant' });
  const api = await listening({ findCaller, streamLimits: { most: 1, mostOfAKey: 1 } });
  const { checkoutId } = await accepted(world.db);
  const stalled = await stallKeys();

  const clients = await Promise.all(Array.from({ length: 15 }, () => connected(api)));
  let begun = 0;
  api.app.server.on('request', () => (begun += 1));
  clients.forEach((socket) => void socket.write(requestOf(checkoutId, apiKey)));
  await eventually(() => (begun === clients.length ? true : undefined));
  await stalled.reached();
  clients.forEach((socket) => void socket.destroy());
  await allGone(api);
  await stalled.release();

  expect(await statusesOf(api, checkoutId, 1, apiKey)).toEqual(new Set([200]));
  await allGone(api);
  expect(await seatMetrics(api)).toEqual({ open: 0, lost: 0 });
});

/** Keys cannot be looked up: Postgres takes the query and does not answer. */
async function stallKeys() {
  const locker = new Client({ connectionString: world.databaseUrl });
  await locker.connect();
  await locker.query('begin');
  await locker.query('lock table api_keys in access exclusive mode');
  return {
    /** One query for all clients with the same key. */
    reached: () =>
      eventually(async () => {
        const { rowCount } = await world.db.query(
          `select from pg_locks where relation = 'api_keys'::regclass and not granted`,
        );
        return rowCount === 1 ? true : undefined;
      }),
    release: () => locker.end(),
  };
}
