import type { Redis } from 'ioredis';
import { processOnce } from '../../src/outbox/inbox';
import type { Database } from '../../src/postgres/database';
import type { CheckoutCloudEvent, Effect } from './effect';

const STREAM = 'checkout-events';
const GROUP = 'mailing';

/** Reads until it is stopped or the effect fails. Started again, it begins with what it has not acknowledged. */
export async function consume(redis: Redis, { db, effect }: { db: Database; effect: Effect }, stop: AbortSignal) {
  await redis.xgroup('CREATE', STREAM, GROUP, '0', 'MKSTREAM').catch(() => undefined); // it exists
  for (let from = '0'; !stop.aborted;) {
    const reader = ['GROUP', GROUP, 'reader-1', 'COUNT', 100, 'BLOCK', 500] as const;
    const got = await redis.xreadgroup(...reader, 'STREAMS', STREAM, from);
    const entries = got?.[0]?.[1] ?? [];
    for (const [entry, fields] of entries) {
      const event = JSON.parse(fields?.[3] ?? '') as CheckoutCloudEvent;
      await db.transaction(async (tx) => {
        if (await processOnce(tx, GROUP, event.id)) await effect(tx, event);
      });
      await redis.xack(STREAM, GROUP, entry);
    }
    // '0' reads what this reader received and did not acknowledge, '>' what nobody has received yet.
    if (entries.length === 0) from = '>';
  }
}
