import type { Queryable } from '../postgres/database';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Clients retry for minutes and reconcile once a month: a statement, a dispute or a nightly job of theirs finds its answer. */
const ANSWERS_KEPT_DAYS = 30;

/** A key that comes back within a year's books must not buy again; after 400 days the order itself still says no. */
const TOMBSTONES_KEPT_DAYS = 400;

/** A batch is done in milliseconds, so its row locks delay nobody. */
export const RETENTION_BATCH = 500;

/** What was accepted before this may have answers older than the retention; what came after has not. */
export const answersKeptSince = (now: Date): Date => new Date(now.getTime() - ANSWERS_KEPT_DAYS * DAY_MS);

const tombstonesKeptSince = (now: Date): Date => new Date(now.getTime() - TOMBSTONES_KEPT_DAYS * DAY_MS);

/** Deletes a batch of claims older than the tombstones' time; returns how many. Rows that are locked wait for the next batch. */
export async function dropTombstones(db: Queryable, now: Date): Promise<number> {
  const { rowCount } = await db.query(
    `delete from idempotency_claims
      where ctid = any (array(
              select ctid
                from idempotency_claims
               where accepted_at < $1
                 and forgotten_at is not null
               order by accepted_at
               limit $2
                 for update skip locked))`,
    [tombstonesKeptSince(now), RETENTION_BATCH],
  );
  return rowCount ?? 0;
}
