import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { listeningApi } from '../support/listening-api';
import { claimsOf, describeRun } from './setup';

let world: ApiWorld;
let app: FastifyInstance;
let port: number;
beforeAll(async () => {
  world = await apiWorld();
  const listening = await listeningApi(world);
  app = listening.app;
  port = Number(new URL(listening.api).port);
});
afterAll(async () => {
  await app.close();
  await world.close();
});

const COPIES = 50;

const requestOf = (key: string, body: string, more = ''): string =>
  [
    'POST /v1/checkouts HTTP/1.1',
    'Host: shop.example',
    'Authorization: Bearer sk_sandbox_acme',
    'Content-Type: application/json',
    `Idempotency-Key: ${key}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${more}\r\n${body}`,
  ].join('\r\n');

interface Answer {
  readonly status: string | undefined;
  readonly body: string;
}

/** Sends all requests on one connection before the first answer, and returns the answers. */
async function sendAtOnce(requests: readonly string[]): Promise<Answer[]> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  socket.write(requests.join(''));
  await once(socket, 'close');
  const answers = received.split(/(?=HTTP\/1\.1 \d{3} )/);
  return answers.map((answer) => ({
    status: /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1],
    body: answer.slice(answer.indexOf('\r\n\r\n') + 4),
  }));
}

/** The last request closes the connection. */
const copiesOf = (key: string, bodies: readonly string[]): string[] =>
  bodies.map((body, at) => requestOf(key, body, at === bodies.length - 1 ? 'Connection: close\r\n' : ''));

test('pipelined copies of one request give one order and the same answer', async () => {
  const key = aKey();
  const bodies = Array.from({ length: COPIES }, () => JSON.stringify(aRequest()));

  const answers = await sendAtOnce(copiesOf(key, bodies));
  await world.starter.idle();

  expect(answers).toHaveLength(COPIES);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['202']));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(await claimsOf(world, key)).toBe(1);
  expect((await describeRun(world, key)).status.name).toBe('RUNNING');
});

test('refuses a pipelined request with another body in its turn, and answers the others', async () => {
  const key = aKey();
  const one = JSON.stringify(aRequest());
  const other = JSON.stringify(aRequest({ expectedTotal: 1 }));

  const [first, second, third] = await sendAtOnce(copiesOf(key, [one, other, one]));

  expect([first?.status, second?.status, third?.status]).toEqual(['202', '422', '202']);
  expect(third?.body).toBe(first?.body);
  expect(await claimsOf(world, key)).toBe(1);
});
