import type { Redis } from 'ioredis';
import { CacheIdentity } from '../../src/idempotency/cache-identity';
import { RejectedEntries } from '../../src/idempotency/rejected-entries';
import { redisReplayCache } from '../../src/idempotency/replay-cache';
import type { ReplayCache } from '../../src/idempotency/replay-cache';
import type { Queryable } from '../../src/postgres/database';

/** The replay cache of another process: it shares `redis` with the other processes of this database. */
export const cacheOver = (redis: Redis, db: Queryable, now: () => number): ReplayCache =>
  redisReplayCache(redis, {
    identity: new CacheIdentity(db, now),
    rejected: new RejectedEntries(() => undefined, now),
    now,
  });
