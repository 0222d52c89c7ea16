import { buildApp } from '../../api/app';
import { renderOutcome } from '../../api/outcome';
import { callerFinder } from '../api-keys/find-caller';
import { checkoutsIn } from '../checkouts/checkouts';
import { EventFeed } from '../checkouts/event-feed';
import { startHousekeeping } from '../checkouts/housekeeping';
import { OutcomeWatch } from '../checkouts/outcome-watch';
import { configuredStarter } from '../checkouts/workflow-starter';
import { noReplayCache, redisReplayCache } from '../idempotency/replay-cache';
import { countUnfinished } from '../operations/count-unfinished';
import { listAttention } from '../operations/list-attention';
import { repairCheckout } from '../operations/repair-checkout';
import { outboxOperations } from '../outbox/operations';
import { openDatabase } from '../postgres/database';
import { isUnavailable } from '../postgres/error-codes';
import { installationOf } from '../postgres/installation';
import { readConfig, required } from '../runtime/config';
import { healthOf } from '../runtime/health';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { openRedis } from '../runtime/redis';
import { SharedCounter } from '../runtime/shared-counter';
import { isTemporalAway, lazyTemporalClient } from '../runtime/temporal';
import { webhookEndpoints } from '../webhooks/endpoints';

/** With a few milliseconds for a claim, twenty connections accept thousands a second. */
const CONNECTIONS = 20;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('api', config);
  const lost = (store: string) => (err: Error) => logger.warn({ err }, `lost a connection to ${store}`);
  const db = openDatabase(required(config, 'DATABASE_URL'), {
    connections: CONNECTIONS,
    onIdleError: lost('Postgres'),
    prepared: true,
  });
  const redis = openRedis(config.REDIS_URL, lost('Redis'));
  const temporal = lazyTemporalClient(config);
  const starter = configuredStarter(temporal.call, config, logger);
  const watch = new OutcomeWatch(db, (err) => logger.warn({ err }, 'cannot look for outcomes'));
  const events = new EventFeed(db, (err) => logger.warn({ err }, 'cannot look for events'));
  const counter = new SharedCounter(redis, Date.now);

  const app = await buildApp({
    logger,
    isUnavailable: (error) => isUnavailable(error) || isTemporalAway(error),
    now: Date.now,
    counter,
    requestsPerWindow: config.RATE_LIMIT,
    findCaller: callerFinder(db, { sandbox: config.SANDBOX_KEYS === 'on', now: Date.now }),
    health: healthOf({ db, temporal, redis }),
    cache: redis ? redisReplayCache(redis, await installationOf(db), Date.now) : noReplayCache,
    checkouts: checkoutsIn(db, {
      now: () => new Date(),
      start: starter.startSoon,
      cancelSoon: starter.cancelSoon,
      watch,
      renderOutcome,
    }),
    operations: {
      attention: () => listAttention(db),
      unfinished: () => countUnfinished(db),
      repair: (checkoutId, repair) => repairCheckout(db, temporal.call, checkoutId, repair),
    },
    outbox: outboxOperations(db),
    events,
    webhooks: webhookEndpoints(db, { allowPrivate: config.WEBHOOK_PRIVATE_ADDRESSES === 'allow' }),
  });
  // Those who wait for an outcome get their acceptance, those who follow events an end: they ask again elsewhere.
  app.addHook('preClose', async () => {
    watch.stop();
    events.stop();
  });
  const housekeeping = startHousekeeping({ db, starter, logger });

  closeOnExit(logger, async () => {
    await app.close();
    await Promise.all([housekeeping.stop(), starter.idle()]);
    counter.stop();
    redis?.disconnect();
    await Promise.all([temporal.close(), db.close()]);
  });
  const address = await app.listen({ host: config.HOST, port: config.PORT });
  announceReady({ address });
}

void main();
