import type { Redis } from 'ioredis';
import type { TemporalClient } from './temporal';

type Health = 'up' | 'down' | 'off';

const up = (check: Promise<unknown>): Promise<Health> =>
  check.then(
    () => 'up',
    () => 'down',
  );

/** What a process stands on, asked now. */
export const healthOf =
  (parts: { db: { query(text: string): Promise<unknown> }; temporal: TemporalClient; redis: Redis | undefined }) =>
  async (): Promise<{ postgres: Health; temporal: Health; redis: Health }> => {
    const [postgres, temporal, redis] = await Promise.all([
      up(parts.db.query('select 1')),
      up(parts.temporal.call((client) => client.connection.workflowService.getSystemInfo({}))),
      parts.redis ? up(parts.redis.ping()) : ('off' as const),
    ]);
    return { postgres, temporal, redis };
  };
