import { Redis } from 'ioredis';
import { BrokerConnection } from './broker-connection';
import { structured } from '../cloud-event';
import { BEHIND, DELIVERED } from '../sink';
import type { Outcome, Sink } from '../sink';

/** About a gigabyte, in memory. A reader that was away for longer finds the rest in the log in Postgres. */
const KEPT = 1_000_000;
/** The least that `proto-max-bulk-len` can be. Past it Redis does not refuse the one event: it cuts the connection. */
const MOST_BYTES = 1_048_576;
const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 5_000;

export interface RedisStreamOptions {
  readonly url: string;
  readonly stream?: string;
  /** How many entries stay, or a few more: Redis drops the oldest ones by the node. */
  readonly keep?: number;
}

/**
 * One command for a whole page: as many commands in a transaction cost the relay twice the processor time. It stops at the first entry that
 * Redis refuses, so what is there is always the beginning of a page, in order.
 */
const ADD = `
for at = 2, #ARGV, 3 do
  if ARGV[at + 2] == '' then
    redis.call('XADD', KEYS[1], '*', 'id', ARGV[at], 'event', ARGV[at + 1])
  else
    redis.call('XADD', KEYS[1], '*', 'id', ARGV[at], 'event', ARGV[at + 1], 'replay', ARGV[at + 2])
  end
end
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[1])`;

/** Adds events to one Redis stream, each call's at once. */
export function redisStreamSink({ url, stream = 'checkout-events', keep = KEPT }: RedisStreamOptions): Sink {
  const connection = new BrokerConnection(
    () => connect(url),
    (redis) => redis.disconnect(),
  );
  return {
    name: 'redis',
    deliver: (parcels) =>
      connection.use(async (redis) => {
        const entries: string[] = [];
        const stuck = new Set<string>();
        const outcomes = parcels.map(({ event, replay = '' }): Outcome => {
          if (stuck.has(event.checkoutId)) return BEHIND;
          const body = structured(event);
          if (Buffer.byteLength(body) > MOST_BYTES) {
            stuck.add(event.checkoutId);
            return { status: 'failed', reason: `It is larger than ${MOST_BYTES} bytes`, retry: false };
          }
          entries.push(event.id, body, replay);
          return DELIVERED;
        });
        if (entries.length > 0) await redis.eval(ADD, 1, stream, keep, ...entries);
        return outcomes;
      }),
    endangered: () => connection.use(async (redis) => dangerIn(await redis.info('memory'), stream)),
    close: () => connection.close(),
  };
}

/** Asked by INFO, which every server answers; CONFIG is often forbidden. A stream has no expiry, so only `allkeys-…` may evict it. */
function dangerIn(info: string, stream: string): string | undefined {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? '';
  if (!policy.startsWith('allkeys-')) return undefined;
  return (
    `Redis may evict the whole stream ${stream} when its memory is full (maxmemory-policy ${policy}): ` +
    'set noeviction, or volatile-lru where it is a cache as well; what was lost, `durable-checkout outbox replay` delivers again'
  );
}

/** Does nothing twice by itself: what was under way when the connection broke is for the relay to decide. */
async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => null,
  });
  // The call that it breaks fails with it, or the next one.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return redis;
}
