import { Redis } from 'ioredis';
import { again } from '../injector';
import type { Fault } from '../injector';

const EVERY = { min: 2_000, max: 2_000 };
const PATIENCE_MS = 2_000;

/** Drops every cached answer. The stream of events is in another database: it is a sink's record. */
export const flushRedis: Fault = ({ cache }, random) =>
  again(random, {
    kind: 'redis-flushed',
    restMs: EVERY,
    strike: async () => {
      const redis = new Redis(cache, { lazyConnect: true, commandTimeout: PATIENCE_MS, retryStrategy: () => null });
      // The command that is under way fails with the same error.
      redis.on('error', () => undefined);
      return redis
        .connect()
        .then(() => redis.flushdb())
        .then(
          () => true,
          // Another fault has stopped it in the meantime.
          () => false,
        )
        .finally(() => redis.disconnect());
    },
  });
