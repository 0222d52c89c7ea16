import { ApplicationFailure } from '@temporalio/activity';
import { ALREADY_UNDONE } from '../src/contract/activities';
import { SKIPPABLE } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import type { Queryable, Transaction } from '../src/postgres/database';
import { lockOrder } from '../src/postgres/lock-order';
import { ORDER_FACTS } from './order-facts';
import type { OrderFacts } from './order-facts';
import { refuse } from './refuse';

/** What Postgres knows of a step and its order: the ledger row, whether the customer has cancelled, whether operators were called. */
export interface LedgerRow extends OrderFacts {
  result: unknown;
  done: boolean;
  undone: boolean;
  cancelled: boolean;
  /** The order is being undone. False for a checkout that expired: it has no steps, and its first step says so. */
  unwinding: boolean;
  ended: boolean;
  /** Operators were called for the step. */
  stuck: boolean;
  /** Operators were called for its undo. */
  parked: boolean;
  /** The warehouse refused after it had accepted, and operators were called for that. */
  refusedLater: boolean;
}

/** A transaction's first act, in one round trip. A separate statement reads the row, so it sees the row as it is after the wait for the lock. */
export async function lockedRow(tx: Transaction, checkoutId: string, step: Step): Promise<LedgerRow> {
  const [, row] = await Promise.all([lockOrder(tx, checkoutId), ledgerRow(tx.first, checkoutId, step)]);
  return row;
}

export async function ledgerRow(db: Queryable, checkoutId: string, step: Step): Promise<LedgerRow> {
  const { rows } = await db.query<LedgerRow>(
    `select ledger.result, ledger.done_at is not null as done, ledger.undone_at is not null as undone,
            checkout.cancel_requested_at is not null as cancelled,
            checkout.unwinding_at is not null and checkout.refusal <> 'CheckoutExpired' as unwinding,
            checkout.ended_at is not null as ended,
            'step' = any (open.kinds) as stuck, 'undo' = any (open.kinds) as parked,
            'fulfillment' = any (open.kinds) as "refusedLater",
            $2 = any (checkout.uncertain_steps) as uncertain, ${ORDER_FACTS}
       from checkouts checkout
       left join orders on orders.checkout_id = checkout.id
       left join step_ledger ledger on ledger.checkout_id = checkout.id and ledger.step = $2
      cross join lateral (
        select array (select kind from attention where checkout_id = $1 and step = $2 and cleared_at is null) as kinds
      ) open
      where checkout.id = $1`,
    [checkoutId, step],
  );
  const row = rows[0];
  if (!row) throw new Error(`Checkout ${checkoutId} is not in this database`);
  return row;
}

/** The answer of a step that happened; null for a skipped one. Throws if the step must not happen any more. */
export function storedAnswer<T>(row: LedgerRow, checkoutId: string, step: Step): T | undefined {
  // An operator's skip leaves a tombstone too. A later run that does not know of the skip carries on without the step.
  if (row.undone && !row.done && !row.unwinding && SKIPPABLE.includes(step)) return null as T;
  if (row.undone) throw alreadyUndone(checkoutId, step);
  if (row.done) return row.result as T;
  if (row.cancelled) throw refuse('Cancelled', 'The checkout was cancelled.');
  // A worker that was paused inside a workflow task carries on with it, step after step, although others are undoing the order by then.
  if (row.unwinding) throw alreadyUndone(checkoutId, step);
  // It ended before its first step.
  if (row.ended) throw refuse('CheckoutExpired', 'The checkout waited too long to start; use a new Idempotency-Key.');
  return undefined;
}

/** Not a refusal: the answer to an attempt that comes after its own undo. */
export const alreadyUndone = (checkoutId: string, step: Step): ApplicationFailure =>
  ApplicationFailure.create({
    type: ALREADY_UNDONE,
    message: `Step ${step} of ${checkoutId} was undone before this attempt arrived`,
    nonRetryable: true,
    category: 'BENIGN',
  });
