import { listenForHints } from '../outbox/relay/hints';
import { FORGET_BATCH, forgetProcessed } from '../outbox/inbox';
import { keepPartitions } from '../outbox/log/keep-partitions';
import { keepReplaying } from '../outbox/relay/keep-replaying';
import { Relay } from '../outbox/relay/relay';
import { watchSinks } from '../outbox/relay/sink-warnings';
import { openDatabase } from '../postgres/database';
import { DatabaseClock } from '../postgres/database-clock';
import type { Role } from '../ports/providers';
import { keepAttempts } from '../providers/calls/keep-attempts';
import type { Providers } from '../providers/open-providers';
import { readConfig, required } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { openRedis } from '../runtime/redis';
import { connectProviders } from './connect-providers';
import { refuseNewerSchema } from './refuse-newer-schema';
import { openSinks } from './relay-sinks';
import { watchClock } from './watch-clock';

/** A lane needs a connection only for an instant at a time; settlement needs one for each capture. */
const CONNECTIONS = 20;
/** The inbox is kept for a month, so once a minute is often enough. */
const FORGET_EVERY_MS = 60_000;
/** It captures payments, and takes the goods of a labelled order off the stock. */
const CALLED: readonly Role[] = ['payments', 'inventory'];

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('relay', config);
  const db = openDatabase(required(config, 'DATABASE_URL'), {
    connections: CONNECTIONS,
    onIdleError: (err) => logger.warn({ err }, 'lost an idle database connection'),
  });
  await refuseNewerSchema(db, logger);
  const clock = new DatabaseClock(db);
  await clock.measure();
  let providers: Providers | undefined;
  const capturing = async () =>
    (providers = await connectProviders('relay', { config, db, clock, logger, roles: CALLED }));
  const sinks = await openSinks({ config, db, clock, providers: capturing });
  const redis = openRedis(config.REDIS_URL, (err) => logger.warn({ err }, 'lost the connection for hints'));
  const relay = new Relay({ db, sinks, logger, hinted: redis !== undefined });
  listenForHints(redis, () => relay.look());

  await relay.start();
  const partitions = keepPartitions(db, logger);
  const attempts = keepAttempts(db, logger);
  const replays = keepReplaying({ db, sinks, owner: relay.id, logger });
  const dangers = watchSinks(db, sinks, logger);
  const watch = watchClock('relay', { db, logger, clock });
  const inbox = startLoop('forget-processed', () => forgetProcessed(db), {
    restMs: FORGET_EVERY_MS,
    full: FORGET_BATCH,
    logger,
  });
  closeOnExit(logger, async () => {
    redis?.disconnect();
    await Promise.all([
      relay.stop(),
      partitions.stop(),
      attempts.stop(),
      inbox.stop(),
      watch.stop(),
      replays.stop(),
      dangers.stop(),
    ]);
    await Promise.all(sinks.map((sink) => sink.close()));
    await providers?.close();
    await db.close();
  });
  logger.info({ sinks: sinks.map(({ name }) => name) }, 'relaying');
  announceReady();
}

void main();
