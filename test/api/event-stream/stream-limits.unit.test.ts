import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StreamLimits } from '../../../api/event-stream/stream-limits';
import { eventually } from '../../support/eventually';

const server = http.createServer();
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** A client that has sent a request, with the request and response as the server sees them. */
async function asked() {
  const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  return { client, request, response };
}

test('frees a seat once, when its connection closes', async () => {
  const seats = new StreamLimits(() => undefined);
  const { client, request, response } = await asked();
  let freed = 0;
  seats.take('key', request, response).onLeave(() => (freed += 1));
  expect(seats.taken).toBe(1);

  client.destroy();
  await eventually(() => (response.closed ? true : undefined));

  expect([seats.taken, seats.lost, freed]).toEqual([0, 0, 1]);
});

test('a response that ends on an open connection frees its seat and leaves nothing on the socket', async () => {
  const seats = new StreamLimits(() => undefined);
  const { client, request, response } = await asked();
  const before = request.socket.listenerCount('close');
  seats.take('key', request, response);

  response.end();
  await once(response, 'close');

  expect([seats.taken, request.socket.destroyed]).toEqual([0, false]);
  expect(request.socket.listenerCount('close')).toBeLessThanOrEqual(before);
  client.destroy();
});

test('finds a seat whose connection is gone, reports it and frees it', async () => {
  const reported: number[] = [];
  const seats = new StreamLimits((lost) => reported.push(lost));
  const [kept, open] = [await asked(), await asked()];
  let freed = 0;
  seats.take('key', kept.request, kept.response).onLeave(() => (freed += 1));
  seats.take('key', open.request, open.response);
  // The events that would report it get lost, for whatever reason.
  kept.request.socket.removeAllListeners('close');
  kept.response.removeAllListeners('close');
  kept.client.destroy();
  await eventually(() => (kept.request.socket.destroyed ? true : undefined));

  seats.compare();
  const atFirst = [seats.taken, seats.lost];
  seats.compare();
  seats.compare();

  expect(atFirst).toEqual([2, 0]);
  expect([seats.taken, seats.lost, freed, reported]).toEqual([1, 1, 1, [1]]);
  open.client.destroy();
});
