import { Client, Connection } from '@temporalio/client';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../api/app';
import type { AppOptions } from '../../api/app';
import { renderOutcome } from '../../api/idempotency/outcome';
import { callerFinder } from '../../src/tenants/find-caller';
import { checkoutsIn } from '../../src/checkouts/checkouts';
import { EventFeed } from '../../src/checkouts/event-feed';
import { OutcomeWatch } from '../../src/checkouts/outcome-watch';
import { WorkflowStarter } from '../../src/checkouts/workflow-starter';
import { providerFigures } from '../../src/providers/calls/provider-figures';
import { countUnfinished } from '../../src/checkouts/operators/count-unfinished';
import { listAttention } from '../../src/checkouts/operators/list-attention';
import { repairCheckout } from '../../src/checkouts/operators/repair-checkout';
import { listStranded } from '../../src/checkouts/recovery/list-stranded';
import { resumeByHand } from '../../src/checkouts/recovery/resume-by-hand';
import { tenantOf } from '../../src/checkouts/operators/tenant-of';
import { outboxOperations } from '../../src/outbox/operators/operations';
import { countSessions } from '../../src/postgres/count-sessions';
import { isUnavailable } from '../../src/postgres/error-codes';
import type { Workflows } from '../../src/checkouts/workflows';
import { SharedCounter } from '../../src/runtime/shared-counter';
import { providerInbox } from '../../src/provider-inbox/provider-inbox';
import { webhookEndpoints } from '../../src/webhooks/endpoints';
import { aRequest } from './builders';
import { cacheOver } from './cache-over';
import { checkoutWorld } from './checkout-world';
import { testEnvironment } from './environment';
import { eventually } from './eventually';
import { readyRedis } from './ready-redis';

/** The clock that the API uses. */
export class Clock {
  #now = Date.now();
  now = (): number => this.#now;
  date = (): Date => new Date(this.#now);
  advance(ms: number): void {
    this.#now += ms;
  }
}

/** The API over real Postgres, Redis and Temporal, in this process. There is no worker: tests call `world.activities`. */
export async function apiWorld(overrides: Partial<AppOptions> = {}) {
  const world = await checkoutWorld();
  const { db } = world;
  const clock = new Clock();
  const redis = await readyRedis(testEnvironment('TEST_REDIS_URL'));
  // Without the short timeout of the API's client, so that a flush works even on a busy machine.
  const testRedis = new Redis(testEnvironment('TEST_REDIS_URL'));
  const flushRedis = async () => void (await testRedis.flushall());
  const connection = await Connection.connect({ address: testEnvironment('TEST_TEMPORAL_ADDRESS') });
  const client = new Client({ connection });
  const failedStarts: string[] = [];
  const workflows: Workflows = { call: (work) => work(client), startOptions: {} };
  const starter = new WorkflowStarter(workflows, (checkoutId) => failedStarts.push(checkoutId));
  const watch = new OutcomeWatch(db, { onError: () => undefined });
  const events = new EventFeed(db, () => undefined);
  const recovery = { db, ...workflows };
  const options: AppOptions = {
    logger: pino({ level: 'silent' }),
    isUnavailable,
    now: clock.now,
    counter: new SharedCounter(undefined, clock.now),
    requestsPerWindow: 100_000,
    findCaller: callerFinder(db, { sandbox: true, now: clock.now }),
    health: async () => ({
      ...{ ready: true, postgres: 'up', schema: 'current', temporal: 'up', redis: 'up', problems: [] },
    }),
    cache: cacheOver(redis, db, clock.now),
    checkouts: checkoutsIn(db, { starter, watch, renderOutcome }),
    events,
    tenantOf: (subject) => tenantOf(db, subject),
    operations: {
      attention: (tenant) => listAttention(db, tenant),
      unfinished: () => countUnfinished(db),
      repair: (checkoutId, repair) => repairCheckout(db, workflows.call, checkoutId, repair),
    },
    stranded: {
      list: (tenant, after) => listStranded(recovery, { tenant, after }),
      resume: (tenant, checkoutId, act) => resumeByHand(recovery, tenant, checkoutId, act),
    },
    outbox: outboxOperations(db),
    postgres: { connectionsOpened: db.connectionsOpened, sessions: () => countSessions(db) },
    providerFigures: () => providerFigures(db),
    webhooks: webhookEndpoints(db, { allowPrivate: false }),
    providerInbox: providerInbox({ db, senders: [] }),
    ...overrides,
  };
  const app = await buildApp(options);
  await app.ready();
  // On a busy machine it starts under pressure, and answers 503.
  await eventually(() => (app.isUnderPressure() ? undefined : true));
  const close = async () => {
    events.stop();
    await app.close();
    await starter.idle();
    redis.disconnect();
    testRedis.disconnect();
    await connection.close();
    await world.close();
  };
  return { ...world, app, clock, redis, flushRedis, client, workflows, starter, watch, options, failedStarts, close };
}

export type ApiWorld = Awaited<ReturnType<typeof apiWorld>>;

export interface PlaceOptions {
  key?: string | string[] | undefined;
  body?: unknown;
  apiKey?: string;
  headers?: Record<string, string>;
}

/** `POST /v1/checkouts` as a merchant of `acme`, by default. */
export const place = (app: FastifyInstance, { key, body = aRequest(), apiKey, headers }: PlaceOptions) =>
  app.inject({
    method: 'POST',
    url: '/v1/checkouts',
    headers: {
      authorization: `Bearer ${apiKey ?? 'sk_sandbox_acme'}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key as string }),
      ...headers,
    },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
