import { REFUSALS } from '../domain/refusals';
import { append } from '../outbox/append';
import type { Database } from '../postgres/database';
import type { AcceptedCheckout } from './accept-checkout';

/** A younger one is still being started by the API that accepted it. */
const YOUNGEST = '3 seconds';
/** Prices and stock change: after a quarter of an hour nobody expects this cart to go through. */
const OLDEST = '15 minutes';
const BATCH = 100;
/** A start mostly waits. With more at once they would only wait in Temporal. */
const AT_ONCE = 10;

export interface WorkflowStarter {
  /** Starts the workflow unless it has been started before. */
  start(checkout: AcceptedCheckout): Promise<void>;
  /** Whether Temporal knows the checkout's workflow, running or ended. */
  wasStarted(checkout: AcceptedCheckout): Promise<boolean>;
}

/**
 * Starts the workflows of accepted checkouts that were never started (the API died after the commit, or Temporal was away), and refuses
 * those that have waited too long by the database's clock. Returns how many. Any number of sweeps may run concurrently: the workflow id
 * makes each start happen once.
 */
export async function sweepUnstarted(db: Database, workflows: WorkflowStarter): Promise<number> {
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
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const few = rows.slice(at, at + AT_ONCE).map((checkout) => startOrExpire(db, workflows, checkout));
    const failed = (await Promise.allSettled(few)).find((start) => start.status === 'rejected');
    // Temporal is away: the rest of the batch would only wait too.
    if (failed) throw failed.reason;
  }
  return rows.length;
}

type Unstarted = AcceptedCheckout & { tooOld: boolean };

async function startOrExpire(
  db: Database,
  workflows: WorkflowStarter,
  { tooOld, ...checkout }: Unstarted,
): Promise<void> {
  if (tooOld && !(await workflows.wasStarted(checkout))) return expire(db, checkout.checkoutId);
  if (!tooOld) await workflows.start(checkout);
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
