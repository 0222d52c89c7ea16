import { REFUSALS } from '../domain/refusals';
import { append } from '../outbox/append';
import type { Database } from '../postgres/database';
import type { AcceptedCheckout } from './accept-checkout';

/** What is younger is being started by the API that accepted it. */
const YOUNGEST_MS = 3_000;
/** Prices and stock are those of the moment a cart is placed: after a quarter of an hour nobody wants that cart any more. */
const OLDEST_MS = 15 * 60 * 1_000;
const BATCH = 100;
/** A start is mostly waiting. More at once would only have them wait in Temporal. */
const AT_ONCE = 10;

export interface WorkflowStarter {
  /** Starts the workflow unless it was started before. */
  start(checkout: AcceptedCheckout): Promise<void>;
  /** Whether Temporal knows the checkout's workflow, running or ended. */
  wasStarted(checkout: AcceptedCheckout): Promise<boolean>;
}

/**
 * Starts the workflows of accepted checkouts that nobody started (the API died after the commit, or Temporal was away), and refuses those
 * that waited too long. Returns how many. Any number of sweeps may run at once: the workflow id makes each start happen once.
 */
export async function sweepUnstarted(db: Database, workflows: WorkflowStarter, now: Date): Promise<number> {
  const { rows } = await db.query<AcceptedCheckout & { acceptedAt: Date }>(
    `select id as "checkoutId", tenant, idempotency_key as "idempotencyKey", request, accepted_at as "acceptedAt"
       from checkouts
      where started_at is null
        and accepted_at < $1
      order by accepted_at
      limit $2`,
    [new Date(now.getTime() - YOUNGEST_MS), BATCH],
  );
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const few = rows.slice(at, at + AT_ONCE).map((checkout) => startOrExpire(db, workflows, { checkout, now }));
    const failed = (await Promise.allSettled(few)).find((start) => start.status === 'rejected');
    // Temporal is away: the rest of the batch would only wait for it too.
    if (failed) throw failed.reason;
  }
  return rows.length;
}

async function startOrExpire(
  db: Database,
  workflows: WorkflowStarter,
  { checkout, now }: { checkout: AcceptedCheckout & { acceptedAt: Date }; now: Date },
): Promise<void> {
  const tooOld = now.getTime() - checkout.acceptedAt.getTime() > OLDEST_MS;
  if (tooOld && !(await workflows.wasStarted(checkout))) return expire(db, checkout.checkoutId, now);
  if (!tooOld) await workflows.start(checkout);
  // The first activity sets it too; this is for workflows that wait for a worker, so that they are not swept again.
  await db.query(`update checkouts set started_at = $2 where id = $1 and started_at is null`, [
    checkout.checkoutId,
    now,
  ]);
}

/** If another sweep starts the workflow at this very moment, its first activity finds the end and refuses in turn. */
async function expire(db: Database, checkoutId: string, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update checkouts
          set state = 'refused', refusal = 'CheckoutExpired', refusal_sentence = $2,
              started_at = $3, unwinding_at = $3, ended_at = $3
        where id = $1
          and started_at is null`,
      [checkoutId, 'The checkout waited too long to start, and nothing was done; use a new Idempotency-Key.', now],
    );
    if (rowCount === 0) return;
    await append(tx, checkoutId, [{ type: 'checkout.refused', data: { code: REFUSALS.CheckoutExpired.code } }]);
  });
}
