import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../api/app';
import type { AppOptions } from '../../api/app';
import { callerFinder } from '../../src/tenants/find-caller';
import { openDatabase } from '../../src/postgres/database';
import { createLogger } from '../../src/runtime/logger';
import { RepeatedLines } from '../../src/runtime/repeated-lines';
import { SharedCounter } from '../../src/runtime/shared-counter';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly repeated?: number;
  readonly err?: { readonly stack: string };
}

/** Longer than any machine takes. */
const NEVER_MS = 24 * 60 * 60_000;

/** Like the real one, except for `instanceof`: under Jest, Node's own errors are not instances of Error. */
const isUnavailable = (error: unknown) =>
  ['ECONNREFUSED', 'ECONNRESET'].includes(String((error as { code?: string }).code));

/** An API with a readable log, which writes its repeat counts when `flush` is called, and never by itself. */
async function anApi(overrides: Partial<AppOptions> = {}) {
  const lines: Line[] = [];
  const repeated = new RepeatedLines(NEVER_MS);
  const log = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  const app = await buildApp({
    ...world.options,
    logger: createLogger('api', { LOG_LEVEL: 'info' }, log, repeated),
    counter: new SharedCounter(undefined, world.clock.now),
    isUnavailable,
    ...overrides,
  });
  return { app, flush: repeated.flush, logged: () => lines.filter(({ msg }) => !msg.startsWith('Server listening')) };
}

/** A Postgres that is down. */
const nowhere = () =>
  openDatabase('postgres://nobody@127.0.0.1:1/none', { connections: 4, onIdleError: () => undefined });

test('logs thousands of 503s provoked without a key as one line, and then one with the count', async () => {
  const db = nowhere();
  const { app, flush, logged } = await anApi({
    findCaller: callerFinder(db, { sandbox: false, now: world.clock.now }),
  });
  const ask = (at: number) =>
    app.inject({
      url: '/v1/checkouts',
      headers: { authorization: `Bearer sk_live_${String(at).padStart(43, '0')}` },
      remoteAddress: `198.51.100.${at % 250}`,
    });

  const statuses = new Set<number>();
  for (let at = 0; at < 1_000; at += 1) statuses.add((await ask(at)).statusCode);
  const before = logged().length;
  flush();
  await app.close();
  await db.close();

  expect([...statuses]).toEqual([503]);
  expect(before).toBe(1);
  expect(logged()).toMatchObject([
    { msg: 'unavailable', level: 40 },
    { msg: 'unavailable', repeated: 999 },
  ]);
});

/** Sends the beginning of a body, and disconnects once the server has begun with the request. */
async function hangUpInTheMiddle(app: FastifyInstance, keyLine: string): Promise<void> {
  const { port } = app.server.address() as AddressInfo;
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
  const head = `POST /v1/checkouts HTTP/1.1\r\nhost: api\r\n${keyLine}content-type: application/json\r\n`;
  await new Promise<void>((gone) => {
    app.server.once('request', (request: IncomingMessage) => {
      request.socket.once('close', () => gone());
      socket.resetAndDestroy();
    });
    socket.write(`${head}content-length: 400\r\n\r\n{`);
  });
}

test('does not log clients that disconnect in the middle of their body', async () => {
  const { app, logged } = await anApi();
  await app.listen({ host: '127.0.0.1', port: 0 });

  for (let at = 0; at < 100; at += 1) {
    await hangUpInTheMiddle(app, at % 2 === 0 ? 'authorization: Bearer sk_sandbox_acme\r\n' : '');
  }
  // By now, anything about them would have been logged.
  await app.inject('/healthz');
  await app.close();

  expect(logged()).toEqual([]);
});

test('logs a bug with its stack, however many errors of another kind there are', async () => {
  const { app, logged } = await anApi({
    operations: { ...world.options.operations, attention: () => Promise.reject(new TypeError('of its own')) },
  });
  const ask = () => app.inject({ url: '/v1/ops/attention', headers: { authorization: 'Bearer sk_sandbox_operator' } });

  for (let at = 0; at < 50; at += 1) expect((await ask()).statusCode).toBe(500);
  await app.close();

  expect(logged()).toMatchObject([
    { msg: 'internal-error', level: 50, err: { stack: expect.stringContaining('of its own') } },
  ]);
});
