import type { Queryable, Transaction } from '../postgres/database';

/**
 * A duplicate can come as long as its event is somewhere: 7 days in the log, and 3 more while webhooks are tried again. Three times that leaves
 * room for what an operator redrives late. A row takes some 60 bytes.
 */
const KEPT_DAYS = 30;
/** A batch is deleted in a fraction of a second, so that it disturbs nobody who is writing here. */
export const FORGET_BATCH = 10_000;

/**
 * True the first time this consumer meets this event, in the transaction of whatever it does about it: both are there, or neither. Where two
 * deliveries of an event meet, the second waits for the first one's commit, and then gets false.
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

/** Deletes a batch of what was processed so long ago that no duplicate can come; returns how many rows. */
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
