import { Redis } from 'ioredis';

/** Redis normally answers in a millisecond, Postgres in three: a longer wait is not worth it. */
const COMMAND_TIMEOUT_MS = 100;
const LONGEST_RECONNECT_MS = 2_000;

/**
 * A connection for caching: fails fast while Redis is away, and reconnects by itself. Undefined if `url` is `off` or empty. `onError` gets
 * every connection error.
 */
export function openRedis(url: string, onError: (error: Error) => void): Redis | undefined {
  if (url === '' || url === 'off') return undefined;
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: 1_000,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_RECONNECT_MS),
  });
  redis.on('error', onError);
  return redis;
}
