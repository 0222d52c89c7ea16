import { ApplicationFailure } from '@temporalio/activity';
import { ALREADY_UNDONE } from '../src/contract/activities';
import { SKIPPABLE } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import type { Queryable, Transaction } from '../src/postgres/database';
import { lockOrder } from '../src/postgres/lock-order';
import { ORDER_FACTS } from './order-facts';
import type { OrderFacts } from './order-facts';
import { refuse } from './refuse';

/** What is known of a step: its ledger row, what the customer wants, whether operators were called; and of its order. */
export interface LedgerRow extends OrderFacts {
  result: unknown;
  done: boolean;
  undone: boolean;
  cancelled: boolean;
  /** Steps are being undone, this one or others. A checkout that expired has none, and its first step says so. */
  unwinding: boolean;
  /** Operators know of the step. */
  stuck: boolean;
  /** Operators know of its undo. */
  parked: boolean;
}

/** A transaction's first act, in one round trip. The row is read by a statement of its own, as it is when the lock has been waited for. */
export async function lockedRow(tx: Transaction, checkoutId: string, step: Step): Promise<LedgerRow> {
  const [, row] = await Promise.all([lockOrder(tx, checkoutId), ledgerRow(tx.first, checkoutId, step)]);
  return row;
}

export async function ledgerRow(db: Queryable, checkoutId: string, step: Step): Promise<LedgerRow> {
  const { rows } = await db.query<LedgerRow>(
    `select ledger.result, ledger.done_at is not null as done, ledger.undone_at is not null as undone,
            checkout.cancel_requested_at is not null as cancelled,
            checkout.unwinding_at is not null and checkout.refusal <> 'CheckoutExpired' as unwinding,
            'step' = any (open.kinds) as stuck, 'undo' = any (open.kinds) as parked,
            ${ORDER_FACTS}
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

/** The answer of a step that happened, null of one that was skipped; throws for one that must not happen any more. */
export function storedAnswer<T>(row: LedgerRow, checkoutId: string, step: Step): T | undefined {
  // An operator's skip leaves a tombstone too. A run that does not know of it, because it came after, goes on without the step.
  if (row.undone && !row.done && !row.unwinding && SKIPPABLE.includes(step)) return null as T;
  if (row.undone) throw alreadyUndone(checkoutId, step);
  if (row.done) return row.result as T;
  if (row.cancelled) throw refuse('Cancelled', 'The checkout was cancelled.');
  // A worker that was stopped inside a workflow task goes on with it, step after step, when others have turned the order back.
  if (row.unwinding) throw alreadyUndone(checkoutId, step);
  return undefined;
}

/** Not a refusal: it answers an attempt that came after its own undo. */
export const alreadyUndone = (checkoutId: string, step: Step): ApplicationFailure =>
  ApplicationFailure.create({
    type: ALREADY_UNDONE,
    message: `Step ${step} of ${checkoutId} was undone before this attempt arrived`,
    nonRetryable: true,
    category: 'BENIGN',
  });
