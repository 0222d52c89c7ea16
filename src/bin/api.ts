import { buildApp } from '../../api/app';
import { callerFinder } from '../api-keys/find-caller';
import { checkoutsIn } from '../checkouts/checkouts';
import type { AcceptedCheckout } from '../checkouts/accept-checkout';
import { startWorkflow } from '../checkouts/start-workflow';
import { backgroundStarter } from '../checkouts/starter';
import { sweepUnstarted } from '../checkouts/sweep-unstarted';
import { openDatabase } from '../postgres/database';
import { isUnavailable } from '../postgres/error-codes';
import { readConfig, required } from '../runtime/config';
import { healthOf } from '../runtime/health';
import { createLogger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { lazyTemporalClient } from '../runtime/temporal';

/** With a few milliseconds for a claim, twenty connections accept thousands a second. */
const CONNECTIONS = 20;
const SWEEP_REST_MS = 1_000;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('api', config);
  const db = openDatabase(required(config, 'DATABASE_URL'), {
    connections: CONNECTIONS,
    onIdleError: (err) => logger.warn({ err }, 'lost an idle database connection'),
  });
  const temporal = lazyTemporalClient(config);
  const start = (checkout: AcceptedCheckout) => temporal.call((client) => startWorkflow(client, checkout));
  const starter = backgroundStarter(start, (checkoutId, err) =>
    logger.warn({ err, checkoutId }, 'not started yet: the sweep will start it'),
  );

  const app = await buildApp({
    logger,
    isUnavailable,
    findCaller: callerFinder(db, { sandbox: config.SANDBOX_KEYS === 'on', now: Date.now }),
    health: healthOf({ db, temporal, redisUrl: config.REDIS_URL }),
    checkouts: checkoutsIn(db, { now: () => new Date(), start: starter.start }),
  });
  const sweep = startLoop('sweep-unstarted', () => sweepUnstarted(db, start, new Date()), {
    restMs: SWEEP_REST_MS,
    full: 1,
    logger,
  });

  closeOnExit(logger, async () => {
    await app.close();
    await sweep.stop();
    await starter.idle();
    await Promise.all([temporal.close(), db.close()]);
  });
  const address = await app.listen({ host: config.HOST, port: config.PORT });
  logger.info({ address }, 'listening');
  announceReady({ address });
}

void main();
