import { buildApp } from '../../api/app';
import { renderOutcome } from '../../api/idempotency/outcome';
import { callerFinder } from '../tenants/find-caller';
import { checkoutsIn } from '../checkouts/checkouts';
import { EventFeed } from '../checkouts/event-feed';
import { startHousekeeping } from '../checkouts/housekeeping';
import { OutcomeWatch } from '../checkouts/outcome-watch';
import { WorkflowStarter } from '../checkouts/workflow-starter';
import type { WorkerNearby } from '../checkouts/workflow-starter';
import { startOptionsOf } from '../checkouts/workflows';
import { CacheIdentity } from '../idempotency/cache-identity';
import { RejectedEntries } from '../idempotency/rejected-entries';
import { noReplayCache, redisReplayCache } from '../idempotency/replay-cache';
import { countUnfinished } from '../checkouts/operators/count-unfinished';
import { listAttention } from '../checkouts/operators/list-attention';
import { repairCheckout } from '../checkouts/operators/repair-checkout';
import { tenantOf } from '../checkouts/operators/tenant-of';
import { outboxOperations } from '../outbox/operators/operations';
import { countSessions } from '../postgres/count-sessions';
import type { Database } from '../postgres/database';
import { isUnavailable } from '../postgres/error-codes';
import { schemaOf } from '../postgres/schema';
import { listStranded } from '../checkouts/recovery/list-stranded';
import { startReconciler } from '../checkouts/recovery/reconcile';
import { resumeByHand } from '../checkouts/recovery/resume-by-hand';
import type { Config } from '../runtime/config';
import { healthOf } from '../runtime/health';
import { logLosesLines } from '../runtime/logger';
import type { Logger } from '../runtime/logger';
import { SharedCounter } from '../runtime/shared-counter';
import { isTemporalAway } from '../runtime/temporal';
import { webhookEndpoints } from '../webhooks/endpoints';
import type { Stores } from './open-stores';

/** Whoever was still being answered when we began to close would keep the connection, and us, for longer than there is time. */
const CLOSE_IDLE_EVERY_MS = 50;

/** What is remembered for a while is so by a clock that nobody sets. */
const sinceStart = (): number => performance.now();

export interface ApiParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly stores: Stores;
  /** The worker in this process, while there is one: it tells `mayHaveEnded` of what it ends. */
  readonly workerNearby?: () => WorkerNearby | undefined;
  /** What that worker has of its own. */
  readonly workerDb?: Database;
}

export interface Api {
  /** Resolves with the address. */
  listen(): Promise<string>;
  /** A checkout may have ended just now: whoever waits for it need not wait for the next look. */
  readonly mayHaveEnded: () => void;
  /** Resolves when nobody is being answered, and no workflow being started, any more. */
  stop(): Promise<void>;
}

/** The API with the loops beside it. */
export async function assembleApi({ config, logger, stores, workerNearby, workerDb }: ApiParts): Promise<Api> {
  const { db, redis, temporal } = stores;
  const workflows = { call: temporal.call, startOptions: startOptionsOf(config) };
  const starter = new WorkflowStarter(
    { ...workflows, eagerCall: () => workerNearby?.()?.eagerCall() },
    (checkoutId, err) =>
      logger.warn({ err, checkoutId }, 'could not start or cancel a workflow; the sweep or the next step will'),
  );
  const recovery = { db, ...workflows };
  const watch = new OutcomeWatch(db, {
    onError: (err) => logger.warn({ err }, 'cannot look for outcomes'),
    isTold: () => workerNearby?.()?.isCurrent() === true,
  });
  const events = new EventFeed(db, (err) => logger.warn({ err }, 'cannot look for events'));
  // eslint-disable-next-line no-restricted-syntax -- all processes share these windows, so a clock tells them: a host that is off limits by itself
  const counter = new SharedCounter(redis, () => Date.now());
  // eslint-disable-next-line no-restricted-syntax -- how long Redis is believed, far below the retention and by its own expiry as well
  const cacheNow = () => Date.now();

  const identity = new CacheIdentity(db, sinceStart);
  const rejected = new RejectedEntries(
    (flaw, count) =>
      logger.warn({ flaw, count }, 'the replay cache in Redis holds what this service did not write there'),
    sinceStart,
  );

  const app = await buildApp({
    logger,
    isUnavailable: (error) => isUnavailable(error) || isTemporalAway(error),
    now: sinceStart,
    counter,
    requestsPerWindow: config.RATE_LIMIT,
    trustedProxies: config.TRUSTED_PROXIES,
    findCaller: callerFinder(db, { sandbox: config.SANDBOX_KEYS === 'on', now: sinceStart }),
    health: healthOf({ db, schema: () => schemaOf(db), temporal, redis, logLosesLines: () => logLosesLines(logger) }),
    cache: redis ? redisReplayCache(redis, { identity, rejected, now: cacheNow }) : noReplayCache,
    checkouts: checkoutsIn(db, { starter, watch, renderOutcome }),
    tenantOf: (subject) => tenantOf(db, subject),
    operations: {
      attention: (tenant) => listAttention(db, tenant),
      unfinished: () => countUnfinished(db),
      repair: (checkoutId, repair) => repairCheckout(db, temporal.call, checkoutId, repair),
    },
    stranded: {
      list: (tenant, after) => listStranded(recovery, { tenant, after }),
      resume: (tenant, checkoutId, act) => resumeByHand(recovery, tenant, checkoutId, act),
    },
    outbox: outboxOperations(db),
    postgres: {
      connectionsOpened: () => db.connectionsOpened() + (workerDb?.connectionsOpened() ?? 0),
      sessions: () => countSessions(db),
    },
    events,
    webhooks: webhookEndpoints(db, { allowPrivate: config.WEBHOOK_PRIVATE_ADDRESSES === 'allow' }),
  });
  // Those who wait for an outcome get their acceptance, those who follow events an end: they ask again elsewhere.
  app.addHook('preClose', async () => {
    watch.stop();
    events.stop();
  });
  const housekeeping = startHousekeeping({ db, workflows, logger });
  const reconciler = startReconciler(recovery, logger);
  return {
    listen: () => app.listen({ host: config.HOST, port: config.PORT }),
    mayHaveEnded: () => watch.lookNow(),
    stop: async () => {
      const sweep = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
      await app.close().finally(() => clearInterval(sweep));
      await Promise.all([housekeeping.stop(), reconciler.stop(), starter.idle()]);
      counter.stop();
    },
  };
}
