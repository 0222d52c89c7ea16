import { Redis } from 'ioredis';

/** Redis answers in a millisecond or it is not worth asking: Postgres takes three. */
const COMMAND_TIMEOUT_MS = 100;
const LONGEST_RECONNECT_MS = 2_000;

/**
 * A cache connection: fails at once while Redis is away, and comes back by itself. Undefined for `off` or nothing. `onError` hears
 * of every loss.
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
