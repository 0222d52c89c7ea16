import type { Redis } from 'ioredis';
import { openRedis } from '../../src/runtime/redis';
import { eventually } from './eventually';

/** The services' own client, connected. On a busy machine its first tries may take longer than it waits, and it tries again. */
export async function readyRedis(url: string): Promise<Redis> {
  const redis = openRedis(url, () => undefined);
  if (!redis) throw new Error(`There is no Redis at "${url}"`);
  await eventually(() => (redis.status === 'ready' ? true : undefined));
  return redis;
}
