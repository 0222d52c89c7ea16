import { once } from 'node:events';
import net from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bareApi } from '../support/bare-api';
import type { BareApi } from '../support/bare-api';
import { eventually } from '../support/eventually';
import { calm } from './calm';

let served: BareApi;
beforeEach(async () => {
  served = await bareApi();
  await calm(served.app);
});
afterEach(() => served.app.close());

const HEAD = 'POST /v1/checkouts HTTP/1.1\r\nhost: api\r\nauthorization: Bearer sk_sandbox_acme\r\n';
const WITH_BODY = `${HEAD}content-type: application/json\r\ncontent-length: 400\r\n\r\n{`;
const CLIENTS = 1_000;

/** Sends this, does `then`, and sends nothing more. */
async function hold(sent: string, then?: (socket: Socket) => void): Promise<Socket> {
  const socket = net.connect({ port: Number(new URL(served.api).port), host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  socket.write(sent);
  then?.(socket);
  return socket;
}

const endsIt = (socket: Socket): void => void socket.end();

test.each([
  ['slow headers', HEAD, undefined],
  ['slow bodies', WITH_BODY, undefined],
  ['connections half closed in the middle of a request', WITH_BODY, endsIt],
  ['connections half closed before their answer', 'GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n', endsIt],
] as const)('survives a thousand %s: others are answered, and every socket is freed', async (_attack, sent, then) => {
  const sockets: Socket[] = [];
  while (sockets.length < CLIENTS) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => hold(sent, then)))));
  }

  const beside = await fetch(`${served.api}/healthz`, { headers: { connection: 'close' } });
  // Late clients are cut off after ten seconds; the test need not wait that long.
  Object.assign(served.app.server, { requestTimeout: 1_000, headersTimeout: 1_000 });
  await eventually(() => (served.sockets.length === 0 ? true : undefined));

  expect(beside.status).toBe(200);
  sockets.forEach((socket) => void socket.destroy());
});
