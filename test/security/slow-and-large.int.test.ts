import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { accepted } from '../support/checkout-world';
import { EventReader } from '../support/event-reader';
import { calm } from './calm';

let world: ApiWorld;
let api: URL;
beforeAll(async () => {
  world = await apiWorld();
  api = new URL(await world.app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const HEAD = 'POST /v1/checkouts HTTP/1.1\r\nhost: api\r\nauthorization: Bearer sk_sandbox_acme\r\n';
const JSON_TYPE = 'content-type: application/json\r\n';

/** Sends this and nothing more, and returns all that the server answers until it closes the connection. */
async function answerTo(sent: string): Promise<string> {
  const socket = net.connect(Number(api.port), api.hostname);
  socket.write(sent);
  return text(socket);
}

test('answers a body over 64 KiB of undeclared length with 413', async () => {
  const request = http.request(new URL('/v1/checkouts', api), {
    method: 'POST',
    headers: { authorization: 'Bearer sk_sandbox_acme', 'content-type': 'application/json' },
  });
  // The server answers and closes the connection in the middle of it.
  request.on('error', () => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  for (let sent = 0; sent <= 64; sent += 1) request.write(' '.repeat(1_024));
  const [response] = await answered;
  request.destroy();

  expect([response.statusCode, response.headers['content-type']]).toEqual([
    413,
    'application/problem+json; charset=utf-8',
  ]);
});

test('refuses a body declared as a gigabyte before reading any of it', async () => {
  const answer = await answerTo(`${HEAD}${JSON_TYPE}content-length: 1073741824\r\n\r\n`);

  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

const TEN_SECONDS = { requestTimeout: 10_000, headersTimeout: 10_000 };

test.each([
  ['slow headers', HEAD],
  ['slow body', `${HEAD}${JSON_TYPE}content-length: 400\r\n\r\n{`],
  ['slow body in chunks', `${HEAD}${JSON_TYPE}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`],
])('answers %s with 408, and closes the connection', async (_attack, sent) => {
  const { server } = world.app;
  expect(server).toMatchObject(TEN_SECONDS);
  Object.assign(server, { requestTimeout: 300, headersTimeout: 300 });

  const answer = await answerTo(sent).finally(() => Object.assign(server, TEN_SECONDS));

  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('answers headers over 16 KiB with 431', async () => {
  expect(await answerTo(`${HEAD}x: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
});

test('answers other requests beside a thousand open streams', async () => {
  const { checkoutId } = await accepted(world.db);

  const readers: EventReader[] = [];
  // A few at a time: a slow machine would be late with the requests of a thousand, and cut them off.
  while (readers.length < 1_000) {
    readers.push(...(await Promise.all(Array.from({ length: 20 }, () => EventReader.open(api.origin, checkoutId)))));
  }
  const headers = { authorization: 'Bearer sk_sandbox_globex' };
  const beside = await fetch(new URL('/v1/checkouts', api), { headers });
  readers.forEach((reader) => reader.hangUp());

  expect(new Set(readers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(beside.status).toBe(200);
});
