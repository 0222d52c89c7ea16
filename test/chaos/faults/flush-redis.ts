import { Redis } from 'ioredis';
import { again } from '../injector';
import type { Fault } from '../injector';

const EVERY = { min: 2_000, max: 2_000 };
const PATIENCE_MS = 2_000;

/** Forgets every answer that was kept. The stream of events is in another database: it is a record. */
export const flushRedis: Fault = ({ cache }, random) =>
  again(random, {
    kind: 'redis-flushed',
    restMs: EVERY,
    strike: async () => {
      const redis = new Redis(cache, { lazyConnect: true, commandTimeout: PATIENCE_MS, retryStrategy: () => null });
      // The command that it breaks fails with it.
      redis.on('error', () => undefined);
      return redis
        .connect()
        .then(() => redis.flushdb())
        .then(
          () => true,
          // It is stopped in the middle by another fault.
          () => false,
        )
        .finally(() => redis.disconnect());
    },
  });
