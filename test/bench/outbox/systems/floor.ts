import { setTimeout as rest } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { structured } from '../../../../src/outbox/cloud-event';
import { EVENT_COLUMNS, outboxEventOf } from '../../../../src/outbox/outbox-event';
import type { EventRow } from '../../../../src/outbox/outbox-event';
import { openDatabase } from '../../../../src/postgres/database';
import type { Database } from '../../../../src/postgres/database';
import type { Start } from '../system';

/** One per core of the machine of our figures. */
const WORKERS = 2;
const BATCH = 1_000;
/** Our relay polls as often. */
const REST_MS = 10;

/**
 * A minimal outbox on Postgres: deletes a batch and adds it to the stream, in one transaction. It keeps no history and, with
 * more than one worker, does not keep the events of an order in order.
 */
export const floor: Start = async ({ databaseUrl, redisUrl, stream }) => {
  const db = openDatabase(databaseUrl, { connections: WORKERS, onIdleError: () => undefined });
  const redis = new Redis(redisUrl);
  let stopped = false;
  const work = async () => {
    while (!stopped) if ((await publishBatch(db, redis, stream)) < BATCH) await rest(REST_MS);
  };
  const workers = Array.from({ length: WORKERS }, work);
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(workers);
      await db.close();
      redis.disconnect();
    },
  };
};

const publishBatch = (db: Database, redis: Redis, stream: string): Promise<number> =>
  db.transaction(async (tx) => {
    const { rows } = await tx.query<EventRow>(
      `delete from floor_events event
        where position = any (array(
                select position from floor_events order by position limit $1 for update skip locked))
       returning ${EVENT_COLUMNS}`,
      [BATCH],
    );
    const pipeline = redis.pipeline();
    for (const row of rows) pipeline.xadd(stream, '*', 'id', row.id, 'event', structured(outboxEventOf(row)));
    await pipeline.exec();
    return rows.length;
  });
