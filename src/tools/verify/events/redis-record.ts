import { Redis } from 'ioredis';
import type { RedisConnectionInfo } from '../connections';
import { ALWAYS_WHOLE, CLOCKS_DIFFER_MS, deliveryOf } from './delivery';
import type { Delivery, SinkRecord } from './delivery';

const PAGE = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 10_000;

type Entry = readonly [id: string, fields: readonly string[]];

/** The entries of the stream. Redis counts all that were ever added, which tells a trimmed stream from a whole one. */
export async function readRedis<T>(
  { url, stream }: RedisConnectionInfo,
  work: (record: SinkRecord) => Promise<T>,
): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: () => null,
  });
  // The command that is under way fails with the same error.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await work({ ...(await extent(redis, stream)), deliveries: entries(redis, stream) });
  } finally {
    redis.disconnect();
  }
}

async function extent(redis: Redis, stream: string): Promise<Pick<SinkRecord, 'wholeSince' | 'note'>> {
  if ((await redis.exists(stream)) === 0) return { wholeSince: ALWAYS_WHOLE };
  const info = pairs((await redis.xinfo('STREAM', stream)) as readonly unknown[]);
  const [length, added] = [Number(info.get('length')), Number(info.get('entries-added'))];
  if (added <= length) return { wholeSince: ALWAYS_WHOLE };
  const first = info.get('first-entry') as Entry | null;
  return {
    // Ids begin with the time of Redis. Nothing can be said about an empty stream.
    wholeSince: first ? Number(first[0].split('-')[0]) + CLOCKS_DIFFER_MS : Infinity,
    note: `redis: the stream was trimmed to ${length} of ${added} entries; earlier events cannot be checked`,
  };
}

async function* entries(redis: Redis, stream: string): AsyncGenerator<Delivery> {
  let from = '-';
  for (;;) {
    const page: readonly Entry[] = await redis.xrange(stream, from, '+', 'COUNT', PAGE);
    for (const [id, fields] of page) yield deliveryOf(`${stream} ${id}`, String(pairs(fields).get('event')));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = `(${last[0]}`;
  }
}

/** Redis answers with a flat list of alternating names and values. */
function pairs(flat: readonly unknown[]): Map<unknown, unknown> {
  return new Map(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]] as const] : [])));
}
