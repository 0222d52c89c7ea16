import type { Queryable } from '../postgres/database';

/** Clients retry for minutes and reconcile once a month: a statement, a dispute or a nightly job still finds its answer. */
const ANSWERS_KEPT_DAYS = 30;

/** Retries come within minutes; a later one costs a query. */
export const MOST_COPIED_MS = 24 * 60 * 60 * 1_000;

/** A key that comes back within a fiscal year must not buy again. After 400 days the order itself still prevents it. */
const TOMBSTONES_KEPT_DAYS = 400;

/** A batch is done in milliseconds, so its row locks delay nobody. */
export const RETENTION_BATCH = 500;

/** In SQL, because the database's clock decides. A claim accepted before this may have answers past their retention. */
export const ANSWERS_KEPT_SINCE = `now() - interval '${ANSWERS_KEPT_DAYS} days'`;

/**
 * In SQL: for how many ms a copy of a claim's answers cannot outlive them (their retention begins when the checkout ends); 0 if they may be
 * too old already.
 */
export const COPYABLE_MS = `greatest(0, least(${MOST_COPIED_MS},
  extract(epoch from accepted_at - (${ANSWERS_KEPT_SINCE})) * 1000))::float8`;

/** Deletes a batch of claims past the tombstones' retention; returns how many. Locked rows wait for the next batch. */
export async function dropTombstones(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `delete from idempotency_claims
      where ctid = any (array(
              select ctid
                from idempotency_claims
               where accepted_at < now() - interval '${TOMBSTONES_KEPT_DAYS} days'
                 and forgotten_at is not null
               order by accepted_at
               limit $1
                 for update skip locked))`,
    [RETENTION_BATCH],
  );
  return rowCount ?? 0;
}
