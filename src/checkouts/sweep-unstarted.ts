import { REFUSALS } from '../domain/refusals';
import { append } from '../outbox/append';
import type { Database } from '../postgres/database';
import type { AcceptedCheckout } from './accept-checkout';
import { startWorkflow, wasStarted } from './start-workflow';
import type { Workflows } from './workflows';

/** A younger one is still being started by the API that accepted it. */
const YOUNGEST = '3 seconds';
/** Prices and stock change: after a quarter of an hour nobody expects this cart to go through. */
const OLDEST = '15 minutes';
const BATCH = 100;
/** Starts mostly wait. More of them concurrently would only wait longer in Temporal. */
const CONCURRENCY = 10;

/**
 * Starts the workflows of accepted checkouts that were never started (the API died after the commit, or Temporal was away), and refuses
 * those that have waited too long by the database's clock. Returns how many. Any number of sweeps may run concurrently: the workflow id
 * makes each start happen once.
 */
export async function sweepUnstarted(db: Database, workflows: Workflows): Promise<number> {
  const { rows } = await db.query<Unstarted>(
    `select id as "checkoutId", tenant, idempotency_key as "idempotencyKey", request,
            accepted_at < now() - interval '${OLDEST}' as "tooOld"
       from checkouts
      where started_at is null
        and accepted_at < now() - interval '${YOUNGEST}'
      order by accepted_at
      limit $1`,
    [BATCH],
  );
  for (let at = 0; at < rows.length; at += CONCURRENCY) {
    const few = rows.slice(at, at + CONCURRENCY).map((checkout) => startOrExpire(db, workflows, checkout));
    const failed = (await Promise.allSettled(few)).find((start) => start.status === 'rejected');
    // Temporal is away: the rest of the batch would only wait too.
    if (failed) throw failed.reason;
  }
  return rows.length;
}

type Unstarted = AcceptedCheckout & { tooOld: boolean };

async function startOrExpire(
  db: Database,
  { call, startOptions }: Workflows,
  { tooOld, ...checkout }: Unstarted,
): Promise<void> {
  if (tooOld && !(await call((client) => wasStarted(client, checkout)))) return expire(db, checkout.checkoutId);
  // Not eagerly: a late start goes to whichever worker has room.
  if (!tooOld) await call((client) => startWorkflow(client, checkout, startOptions));
  // The first activity sets it too. A workflow that is still waiting for a worker must not be swept again.
  await db.query(`update checkouts set started_at = now() where id = $1 and started_at is null`, [checkout.checkoutId]);
}

/** If another sweep starts the workflow at the same moment, its first activity finds the checkout ended and refuses too. */
async function expire(db: Database, checkoutId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update checkouts
          set state = 'refused', refusal = 'CheckoutExpired', refusal_sentence = $2,
              started_at = now(), unwinding_at = now(), ended_at = now()
        where id = $1
          and started_at is null`,
      [checkoutId, 'The checkout waited too long to start, and nothing was done; use a new Idempotency-Key.'],
    );
    if (rowCount === 0) return;
    await append(tx, checkoutId, [{ type: 'checkout.refused', data: { code: REFUSALS.CheckoutExpired.code } }]);
  });
}
