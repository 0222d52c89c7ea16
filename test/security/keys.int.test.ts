import net from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aRequest } from '../support/builders';
import { calm } from './calm';

let world: ApiWorld;
let api: URL;
beforeAll(async () => {
  world = await apiWorld();
  api = new URL(await world.app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

/** Sends raw bytes, since no HTTP client would send these lines, and returns the answer. */
async function answerTo(keyLines: string): Promise<string> {
  const body = JSON.stringify(aRequest());
  const socket = net.connect(Number(api.port), api.hostname);
  socket.write(
    `POST /v1/checkouts HTTP/1.1\r\nhost: api\r\nconnection: close\r\nauthorization: Bearer sk_sandbox_acme\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${keyLines}\r\n\r\n${body}`,
  );
  return text(socket);
}

test.each([
  ['spaces', 'Idempotency-Key: two words here'],
  ['a tab', 'Idempotency-Key: two\twords'],
  ['CR/LF and another line of the same header', 'Idempotency-Key: key-1234\r\n -5678'],
  ['CR alone', 'Idempotency-Key: key-1234\r-5678'],
  ['LF alone, and a header behind it', 'Idempotency-Key: key-1234\nx: y'],
  ['an escaped CR/LF', 'Idempotency-Key: key-1234%0d%0ax'],
  ['NUL', 'Idempotency-Key: key-1234\u0000'],
  ['300 characters', `Idempotency-Key: ${'k'.repeat(300)}`],
  ['two headers', 'Idempotency-Key: key-12345\r\nIdempotency-Key: key-12345'],
  ['two headers in other letters', 'Idempotency-Key: key-12345\r\nidempotency-key: key-54321'],
  ['two in one', 'Idempotency-Key: key-12345, key-54321'],
  ['emoji', 'Idempotency-Key: basket-🛒-42'],
  ['an empty one', 'Idempotency-Key:'],
])('answers a key with %s with 400, and starts nothing', async (_attack, lines) => {
  const answer = await answerTo(lines);

  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect((await world.db.query(`select from checkouts`)).rowCount).toBe(0);
});

test('accepts a good key sent the same way', async () => {
  expect(await answerTo('Idempotency-Key: key-of-a-good-client')).toMatch(/^HTTP\/1\.1 202 /);
});
