import { Redis } from 'ioredis';
import type { TemporalClient } from './temporal';

type Health = 'up' | 'down' | 'off';

const up = (check: Promise<unknown>): Promise<Health> =>
  check.then(
    () => 'up',
    () => 'down',
  );

/** What a process stands on, asked now. */
export const healthOf =
  (parts: { db: { query(text: string): Promise<unknown> }; temporal: TemporalClient; redisUrl: string }) =>
  async (): Promise<{ postgres: Health; temporal: Health; redis: Health }> => {
    const [postgres, temporal, redis] = await Promise.all([
      up(parts.db.query('select 1')),
      up(parts.temporal.call((client) => client.connection.workflowService.getSystemInfo({}))),
      parts.redisUrl === '' || parts.redisUrl === 'off' ? ('off' as const) : up(ping(parts.redisUrl)),
    ]);
    return { postgres, temporal, redis };
  };

async function ping(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
