import type { Socket } from 'node:net';
import { pino } from 'pino';
import { buildApp } from '../../api/app';
import type { AppOptions } from '../../api/app';
import { noReplayCache } from '../../src/idempotency/replay-cache';
import { SharedCounter } from '../../src/runtime/shared-counter';

const absent = {} as never;

/** A listening API without Postgres, Redis or Temporal, for requests that never get that far. */
export async function bareApi(overrides: Partial<AppOptions> = {}) {
  const clock = { ms: 0 };
  const now = () => clock.ms;
  const app = await buildApp({
    logger: pino({ level: 'silent' }),
    isUnavailable: () => false,
    now,
    counter: new SharedCounter(undefined, now),
    requestsPerWindow: 100_000,
    findCaller: () => undefined,
    tenantOf: async () => undefined,
    health: async () => ({
      ...{ ready: true, postgres: 'up', schema: 'current', temporal: 'up', redis: 'up', problems: [] },
    }),
    cache: noReplayCache,
    checkouts: absent,
    events: absent,
    operations: absent,
    stranded: absent,
    outbox: absent,
    postgres: absent,
    providerFigures: absent,
    webhooks: absent,
    providerInbox: absent,
    ...overrides,
  });
  const sockets: Socket[] = [];
  app.server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
  });
  const api = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, api, sockets };
}

export type BareApi = Awaited<ReturnType<typeof bareApi>>;
