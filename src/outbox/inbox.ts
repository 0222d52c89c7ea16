import type { Queryable, Transaction } from '../postgres/database';

/**
 * A duplicate can arrive while its event exists: 7 days in the log, and 3 more while webhooks are retried. Three times that leaves room for
 * late redrives. A row takes about 60 bytes.
 */
const KEPT_DAYS = 30;
/** A batch is deleted in a fraction of a second, which does not disturb those who write here. */
export const FORGET_BATCH = 10_000;

/**
 * True the first time this consumer gets this event. Call it in the transaction of the consumer's own work, so that both are committed or
 * neither. If two deliveries of an event overlap, the second waits for the first one's commit, and then gets false.
 */
export async function processOnce(tx: Transaction, consumer: string, eventId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into processed_events (consumer, event_id)
     values ($1, $2)
         on conflict do nothing`,
    [consumer, eventId],
  );
  return rowCount === 1;
}

/** Deletes a batch of rows so old that no duplicate can arrive any more; returns how many. */
export async function forgetProcessed(db: Queryable, atMost = FORGET_BATCH): Promise<number> {
  const { rowCount } = await db.query(
    `delete from processed_events
      where ctid = any (array(
              select ctid
                from processed_events
               where processed_at < now() - make_interval(days => $1)
               order by processed_at
               limit $2))`,
    [KEPT_DAYS, atMost],
  );
  return rowCount ?? 0;
}
