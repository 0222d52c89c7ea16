import { buildApp } from '../../api/app';
import { renderOutcome } from '../../api/idempotency/outcome';
import { callerFinder } from '../tenants/find-caller';
import { checkoutsIn } from '../checkouts/checkouts';
import { EventFeed } from '../checkouts/event-feed';
import { startHousekeeping } from '../checkouts/housekeeping';
import { OutcomeWatch } from '../checkouts/outcome-watch';
import { tellPaymentNews } from '../checkouts/tell-payment-news';
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
import { providerFigures } from '../providers/calls/provider-figures';
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
import { startPassingOnPaymentNews } from '../provider-inbox/pass-on-payment-news';
import { providerInbox } from '../provider-inbox/provider-inbox';
import { webhookEndpoints } from '../webhooks/endpoints';
import type { Stores } from './open-stores';
import { sendersIn } from './senders-in';

/** A connection that was being answered when the shutdown began is kept alive after the answer, and would hold it up. */
const CLOSE_IDLE_EVERY_MS = 50;

/** A clock that nobody can set, for what is remembered for a while. */
const sinceStart = (): number => performance.now();

export interface ApiParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly stores: Stores;
  /** The worker in this process, while there is one. It calls `mayHaveEnded`. */
  readonly workerNearby?: () => WorkerNearby | undefined;
  /** That worker's own pool. */
  readonly workerDb?: Database;
}

export interface Api {
  /** Resolves with the address. */
  listen(): Promise<string>;
  /** A checkout may have ended just now: look immediately, for those who wait for it. */
  readonly mayHaveEnded: () => void;
  /** Resolves when no request and no start of a workflow is in flight. */
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
    onError: (err) => logger.warn({ err }, 'cannot read outcomes'),
    isTold: () => workerNearby?.()?.isCurrent() === true,
  });
  const events = new EventFeed(db, (err) => logger.warn({ err }, 'cannot read events'));
  // eslint-disable-next-line no-restricted-syntax -- all processes share these windows, so they follow the clock; a host whose clock is off limits on its own
  const counter = new SharedCounter(redis, () => Date.now());
  // eslint-disable-next-line no-restricted-syntax -- how long an entry of Redis is trusted: far below the retention, and limited by its own expiry too
  const cacheNow = () => Date.now();

  const senders = await sendersIn(config, logger);
  const news = startPassingOnPaymentNews({ db, tell: tellPaymentNews(temporal.call), logger });

  const identity = new CacheIdentity(db, sinceStart);
  const rejected = new RejectedEntries(
    (flaw, count) =>
      logger.warn({ flaw, count }, 'the replay cache in Redis contains entries that this service did not write'),
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
    providerFigures: () => providerFigures(db),
    events,
    webhooks: webhookEndpoints(db, { allowPrivate: config.WEBHOOK_PRIVATE_ADDRESSES === 'allow' }),
    providerInbox: providerInbox({ db, senders, onPaymentNews: () => news.wake() }),
  });
  // Clients that wait for an outcome get their acceptance, and event streams end: they ask again elsewhere.
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
      await Promise.all([housekeeping.stop(), reconciler.stop(), news.stop(), starter.idle()]);
      counter.stop();
    },
  };
}
