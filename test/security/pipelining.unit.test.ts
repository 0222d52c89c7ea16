import { once } from 'node:events';
import net from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bareApi } from '../support/bare-api';
import type { BareApi } from '../support/bare-api';
import { eventually } from '../support/eventually';
import { calm } from './calm';

const MIB = 1024 * 1024;

let served: BareApi;
/** Requests for `/readyz` that are under way, and the most there were at once. */
const readyz = { now: 0, most: 0 };
const clients: Socket[] = [];
beforeEach(async () => {
  Object.assign(readyz, { now: 0, most: 0 });
  served = await bareApi({
    health: async () => {
      readyz.now += 1;
      readyz.most = Math.max(readyz.most, readyz.now);
      await turn();
      readyz.now -= 1;
      return { ready: true, postgres: 'up', schema: 'current', temporal: 'up', redis: 'up', problems: [] };
    },
  });
  await calm(served.app);
});
afterEach(async () => {
  clients.splice(0).forEach((socket) => void socket.destroy());
  await served.app.close();
});

const DOCUMENT = 'GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n';
/** More than a megabyte, which no kernel takes a dozen of for somebody who does not read. */
const LARGE = 'GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nhost: a\r\n\r\n';
/** Refused with 404, and counted among a client's requests all the same. */
const SMALL = 'GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n';

/** A client that reads nothing before it is told to. */
async function client(): Promise<Socket> {
  const socket = net.connect(Number(new URL(served.api).port), '127.0.0.1');
  clients.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.pause();
}

async function isAnswered(): Promise<boolean> {
  const { status } = await fetch(`${served.api}/healthz`);
  return status === 200;
}

const OTHERS = 30;

/** How long others take, one after the other. */
async function othersTakeMs(): Promise<number> {
  const startedAt = performance.now();
  for (let at = 0; at < OTHERS; at += 1) expect(await isAnswered()).toBe(true);
  return performance.now() - startedAt;
}

function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('handles one request of a connection at a time, and answers in order', async () => {
  const socket = await client();
  const paths = Array.from({ length: 300 }, (_, at) => (at % 2 === 0 ? '/readyz' : `/nothing-${at}`));
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  socket.resume().write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`).join(''));
  await eventually(() => (received.includes('nothing-299.') ? true : undefined));

  expect(readyz.most).toBe(1);
  expect(
    [...received.matchAll(/"ready":true|There is no GET (\/nothing-\d+)/g)].map(([, path]) => path ?? '/readyz'),
  ).toEqual(paths);
});

const CONNECTIONS = 5;
const REQUESTS = 1_500;
/** Of a connection: six hundred may wait behind the one that is handled. */
const MOST_PARSED = 610;
/** Before, others waited thousands of times as long as without it, and 800 MB were kept. */
const MOST_TIMES_AS_LONG = 100;
const MOST_KEPT = 60 * MIB;

test('7,500 pipelined requests for a public document on five connections that are never read hardly delay other clients', async () => {
  await othersTakeMs();
  const [without, before] = [await othersTakeMs(), memory()];

  const attackers = await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const parsed = new Map(attackers.map(({ localPort }) => [localPort, 0]));
  served.app.server.on('request', ({ socket: { remotePort } }) => {
    const before = parsed.get(remotePort);
    if (before !== undefined) parsed.set(remotePort, before + 1);
  });
  attackers.forEach((socket) => void socket.write(DOCUMENT.repeat(REQUESTS)));
  const during = await othersTakeMs();
  // Each was cut off: nothing of theirs goes on.
  const theirs = () => served.sockets.filter(({ remotePort }) => parsed.has(remotePort));
  await eventually(() => (theirs().length === 0 ? true : undefined));

  expect(Math.max(...parsed.values())).toBeLessThan(MOST_PARSED);
  expect(during / without).toBeLessThan(MOST_TIMES_AS_LONG);
  await eventually(() => (memory() - before < MOST_KEPT ? true : undefined));
});

/** Long enough that no read from a socket brings more of them than may wait. */
const ORDINARY = SMALL.replace('host: a', `host: a\r\nx-padding: ${'a'.repeat(300)}`);
/** Two megabytes. */
const MANY = 6_000;

/** Nothing more is read from it, and what it was answered is not taken. */
const isStuck = (socket: Socket) => socket.isPaused() && socket.writableLength > 0;

test('stops reading from a connection whose answer is not read, and answers every request once it is', async () => {
  const socket = await client();
  socket.write(LARGE.repeat(20) + ORDINARY.repeat(MANY));
  const [theirs] = served.sockets;
  await eventually(() => (theirs && isStuck(theirs) ? true : undefined));
  const read = theirs?.bytesRead ?? Infinity;
  expect(await isAnswered()).toBe(true);

  expect(theirs?.bytesRead).toBe(read);
  expect(read).toBeLessThan(MIB);
  let received = '';
  let answers = 0;
  socket.setEncoding('utf8').on('data', (text: string) => {
    const whole = `${received}${text}`.split('HTTP/1.1 ');
    answers += whole.length - 1;
    received = (whole.at(-1) ?? '').slice(-12);
  });
  socket.resume();
  await eventually(() => (answers === 20 + MANY ? true : undefined));
});

/** More than there is room for, if each has 200 requests wait. */
const GREEDY = 32;

test('when too many requests wait, cuts off the clients that sent many and answers one that sent a few', async () => {
  const greedy = await Promise.all(Array.from({ length: GREEDY }, client));
  await eventually(() => (served.sockets.length === GREEDY ? true : undefined));
  const before = memory();
  greedy.forEach((socket) => void socket.write(LARGE.repeat(6) + SMALL.repeat(200)));
  await eventually(() => (served.sockets.length < GREEDY && served.sockets.every(isStuck) ? true : undefined));
  // What the closed connections held is freed soon, and not in the same moment.
  await eventually(() => (memory() - before < MOST_KEPT ? true : undefined));

  const modest = await client();
  let received = '';
  modest.setEncoding('utf8').on('data', (text: string) => (received += text));
  modest.resume().write(SMALL.repeat(8));
  await eventually(() => (received.split('HTTP/1.1 404').length === 9 ? true : undefined));

  expect(served.sockets.length).toBeLessThan(GREEDY);
  greedy.forEach((socket) => void socket.destroy());
});
