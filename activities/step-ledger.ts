import { ApplicationFailure } from '@temporalio/activity';
import type { Unwinding } from '../src/contract/activities';
import type { OrderKey } from '../src/contract/checkout';
import type { CheckoutEvent } from '../src/domain/events';
import { STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import { append } from '../src/outbox/append';
import type { Queryable, Transaction } from '../src/postgres/database';
import { lockOrder } from '../src/postgres/lock-order';
import { endIfUndone, startUnwinding } from './checkout-row';
import { clearAttention } from './clear-attention';
import { ORDER_FACTS } from './order-facts';
import type { OrderFacts } from './order-facts';
import { refuse } from './refuse';

/** What is known of a step: its ledger row, what the customer wants, whether an operator was called; and of its order. */
export interface LedgerRow extends OrderFacts {
  result: unknown;
  done: boolean;
  undone: boolean;
  cancelled: boolean;
  /** Steps are being undone, this one or others. A checkout that expired has none, and its first step says so. */
  unwinding: boolean;
  parked: boolean;
}

/** What a step did: the answer to remember, the events that announce it, and the rows that are on their way. */
interface Done<T> {
  result: T;
  events: readonly CheckoutEvent[];
  /** Travels together with the ledger row and the events. */
  wrote?: Promise<unknown>;
}

/**
 * The stored answer of a step that already happened, else what its order is about. A step that was undone fails for good, and one that did
 * not happen yet is refused when the customer has cancelled.
 */
export async function recorded<T>(
  db: Queryable,
  { checkoutId }: OrderKey,
  step: Step,
): Promise<{ readonly stored: T | undefined } & OrderFacts> {
  const row = await ledgerRow(db, checkoutId, step);
  // Operators were called although it had happened: the long way, which finds the same answer, also tells them that it has.
  const stored = row.done && row.parked ? undefined : storedAnswer<T>(row, checkoutId, step);
  return { ...row, stored };
}

function storedAnswer<T>(row: LedgerRow, checkoutId: string, step: Step): T | undefined {
  if (row.undone) throw alreadyUndone(checkoutId, step);
  if (row.done) return row.result as T;
  if (row.cancelled) throw refuse('Cancelled', 'The checkout was cancelled.');
  // A worker that was stopped inside a workflow task goes on with it, step after step, when others have turned the order back.
  if (row.unwinding) throw alreadyUndone(checkoutId, step);
  return undefined;
}

/**
 * Runs `work` unless the ledger shows that the step happened, and returns the step's answer, new or stored: a retry writes
 * nothing. Finding a tombstone it does nothing and fails for good, because nobody waits for this attempt any more.
 */
export async function once<T>(
  tx: Transaction,
  order: OrderKey,
  step: Step,
  work: (facts: OrderFacts) => Done<T> | Promise<Done<T>>,
): Promise<T> {
  const { checkoutId } = order;
  const row = await lockedRow(tx, checkoutId, step);
  const stored = storedAnswer<T>(row, checkoutId, step);
  if (stored !== undefined) {
    if (row.parked) await clearAttention(tx, checkoutId, step);
    return stored;
  }

  const { result, events, wrote } = await work(row);
  const announce = async () => {
    if (row.parked) await clearAttention(tx, checkoutId, step);
    await append(tx, checkoutId, events);
  };
  const values = [checkoutId, step, JSON.stringify(result)];
  const kept = tx.query(
    `insert into step_ledger (checkout_id, step, result, done_at) values ($1, $2, $3, now())`,
    values,
  );
  await Promise.all([wrote, kept, announce()]);
  return result;
}

/**
 * Runs `undo` if the step happened; if not, leaves a tombstone, so that an attempt still on its way changes nothing. Repeated, it does
 * nothing. The undo after which nothing is left to be undone ends the checkout.
 */
export async function undoOnce(
  tx: Transaction,
  order: Unwinding,
  step: Step,
  undo: () => Promise<readonly CheckoutEvent[]>,
): Promise<void> {
  const { checkoutId } = order;
  const row = await lockedRow(tx, checkoutId, step);
  if (row.undone) return;

  await startUnwinding(tx, order);
  if (row.done) {
    await tx.query(`update step_ledger set undone_at = now() where checkout_id = $1 and step = $2`, [checkoutId, step]);
    await append(tx, checkoutId, await undo());
  } else {
    await leaveTombstone(tx, checkoutId, step);
  }
  if (row.parked) await clearAttention(tx, checkoutId, step);
  if (row.parked || step === STEPS[0]) await endIfUndone(tx, order);
}

/** True unless the ledger has a row for the step already. */
export async function leaveTombstone(tx: Transaction, checkoutId: string, step: Step): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into step_ledger (checkout_id, step, undone_at) values ($1, $2, now())
     on conflict (checkout_id, step) do nothing`,
    [checkoutId, step],
  );
  return rowCount === 1;
}

/** A transaction's first act, in one round trip. The row is read by a statement of its own, as it is when the lock has been waited for. */
export async function lockedRow(tx: Transaction, checkoutId: string, step: Step): Promise<LedgerRow> {
  const [, row] = await Promise.all([lockOrder(tx, checkoutId), ledgerRow(tx.first, checkoutId, step)]);
  return row;
}

async function ledgerRow(db: Queryable, checkoutId: string, step: Step): Promise<LedgerRow> {
  const { rows } = await db.query<LedgerRow>(
    `select ledger.result, ledger.done_at is not null as done, ledger.undone_at is not null as undone,
            checkout.cancel_requested_at is not null as cancelled,
            checkout.unwinding_at is not null and checkout.refusal <> 'CheckoutExpired' as unwinding,
            exists (select from attention where checkout_id = $1 and step = $2 and cleared_at is null) as parked,
            ${ORDER_FACTS}
       from checkouts checkout
       left join orders on orders.checkout_id = checkout.id
       left join step_ledger ledger on ledger.checkout_id = checkout.id and ledger.step = $2
      where checkout.id = $1`,
    [checkoutId, step],
  );
  const row = rows[0];
  if (!row) throw new Error(`Checkout ${checkoutId} is not in this database`);
  return row;
}

/** Not a refusal: it answers an attempt that came after its own undo. */
export const alreadyUndone = (checkoutId: string, step: Step): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'AlreadyUndone',
    message: `Step ${step} of ${checkoutId} was undone before this attempt arrived`,
    nonRetryable: true,
    category: 'BENIGN',
  });
