import { Redis } from 'ioredis';
import { BrokerConnection } from './broker-connection';
import { structured } from '../cloud-event';
import { BEHIND, DELIVERED } from '../sink';
import type { Outcome, Sink } from '../sink';

/** About a gigabyte of memory. A consumer that was away for longer needs a replay from the log in Postgres. */
const KEPT = 1_000_000;
/** The lowest value of `proto-max-bulk-len`. Beyond it Redis does not refuse the event: it closes the connection. */
const MOST_BYTES = 1_048_576;
const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 5_000;

export interface RedisStreamOptions {
  readonly url: string;
  readonly stream?: string;
  /** How many entries to keep. A few more stay, because Redis drops the oldest ones a node at a time. */
  readonly keep?: number;
}

/**
 * One command for a whole page: one command for each event in a transaction costs the relay twice the processor time. The script stops at
 * the first entry that Redis refuses, so the stream always has the beginning of a page, in order.
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

/** Adds events to one Redis stream, a page at a time. */
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

/** Reads INFO, which every server answers; CONFIG is often forbidden. A stream has no expiry, so only `allkeys-…` may evict it. */
function dangerIn(info: string, stream: string): string | undefined {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? '';
  if (!policy.startsWith('allkeys-')) return undefined;
  return (
    `Redis may evict the whole stream ${stream} when its memory is full (maxmemory-policy ${policy}): ` +
    'set noeviction, or volatile-lru if it is also a cache; `durable-checkout outbox replay` delivers lost events again'
  );
}

/** Never resends by itself: the relay decides about what was in flight when the connection broke. */
async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => null,
  });
  // The call in flight fails with this error, or the next one does.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return redis;
}
