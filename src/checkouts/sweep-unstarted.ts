import type { Database } from '../postgres/database';
import type { AcceptedCheckout } from './accept-checkout';

/** What is younger is being started by the API that accepted it. */
const YOUNGEST_MS = 3_000;
const BATCH = 100;

/**
 * Starts the workflows of accepted checkouts that nobody started: the API died after the commit, or Temporal was away. Returns how many.
 * Any number of sweeps may run at once: the workflow id makes each start happen once.
 */
export async function sweepUnstarted(
  db: Database,
  start: (checkout: AcceptedCheckout) => Promise<void>,
  now: Date,
): Promise<number> {
  const { rows } = await db.query<AcceptedCheckout>(
    `select id as "checkoutId", tenant, idempotency_key as "idempotencyKey", request
       from checkouts
      where started_at is null
        and accepted_at < $1
      order by accepted_at
      limit $2`,
    [new Date(now.getTime() - YOUNGEST_MS), BATCH],
  );
  for (const checkout of rows) {
    await start(checkout);
    // The first activity sets it too; this is for workflows that wait for a worker, so that they are not swept again.
    await db.query(`update checkouts set started_at = $2 where id = $1 and started_at is null`, [
      checkout.checkoutId,
      now,
    ]);
  }
  return rows.length;
}
