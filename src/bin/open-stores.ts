import type { Redis } from 'ioredis';
import { openDatabase } from '../postgres/database';
import type { Database } from '../postgres/database';
import type { Config } from '../runtime/config';
import { required } from '../runtime/config';
import type { Logger } from '../runtime/logger';
import { openRedis } from '../runtime/redis';
import { lazyTemporalClient } from '../runtime/temporal';
import type { TemporalClient } from '../runtime/temporal';

/**
 * A claim takes a few milliseconds, so twenty connections accept thousands a second. In a worker they are enough for the activities that are
 * inside a transaction.
 */
const CONNECTIONS = 20;

/** The stores of API and worker. */
export interface Stores {
  readonly db: Database;
  readonly redis: Redis | undefined;
  readonly temporal: TemporalClient;
  close(): Promise<void>;
}

/** Opens them. None has to be up yet. */
export function openStores(config: Config, logger: Logger): Stores {
  const db = openPool(config, logger);
  const redis = openRedis(config.REDIS_URL, (err) => logger.warn({ err }, 'lost a connection to Redis'));
  const temporal = lazyTemporalClient(config);
  return {
    db,
    redis,
    temporal,
    close: async () => {
      redis?.disconnect();
      await Promise.all([temporal.close(), db.close()]);
    },
  };
}

export const openPool = (config: Config, logger: Logger): Database =>
  openDatabase(required(config, 'DATABASE_URL'), {
    connections: CONNECTIONS,
    onIdleError: (err) => logger.warn({ err }, 'lost a connection to Postgres'),
  });
