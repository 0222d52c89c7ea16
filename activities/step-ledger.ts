import { ApplicationFailure } from '@temporalio/activity';
import type { Unwinding } from '../src/contract/activities';
import type { OrderKey } from '../src/contract/checkout';
import type { CheckoutEvent } from '../src/domain/events';
import type { Step } from '../src/domain/steps';
import { append } from '../src/outbox/append';
import type { Queryable, Transaction } from '../src/postgres/database';

type LedgerRow = { result: unknown; done: boolean; undone: boolean };

/** What a step did: the answer to remember, and the events that announce it. */
interface Done<T> {
  result: T;
  events: readonly CheckoutEvent[];
}

/** The stored answer of a step that already happened, else undefined. A step that was undone fails for good. */
export async function recorded<T>(db: Queryable, { checkoutId }: OrderKey, step: Step): Promise<T | undefined> {
  const row = await ledgerRow(db, checkoutId, step);
  if (row?.undone) throw alreadyUndone(checkoutId, step);
  return row?.done ? (row.result as T) : undefined;
}

/**
 * Runs `work` unless the ledger shows that the step happened, and returns the step's answer, new or stored: a retry writes
 * nothing. Finding a tombstone it does nothing and fails for good, because nobody waits for this attempt any more.
 */
export async function once<T>(tx: Transaction, order: OrderKey, step: Step, work: () => Promise<Done<T>>): Promise<T> {
  const { checkoutId } = order;
  await lockOrder(tx, checkoutId);
  const stored = await recorded<T>(tx, order, step);
  if (stored !== undefined) return stored;

  const { result, events } = await work();
  await tx.query(`insert into step_ledger (checkout_id, step, result, done_at) values ($1, $2, $3, now())`, [
    checkoutId,
    step,
    JSON.stringify(result),
  ]);
  await append(tx, checkoutId, events);
  return result;
}

/**
 * Runs `undo` if the step happened; if not, leaves a tombstone, so that an attempt still on its way changes nothing.
 * True for the call that did either: a repeated one does nothing and gets false.
 */
export async function undoOnce(
  tx: Transaction,
  { checkoutId, because, sentence }: Unwinding,
  step: Step,
  undo: () => Promise<readonly CheckoutEvent[]>,
): Promise<boolean> {
  await lockOrder(tx, checkoutId);
  const row = await ledgerRow(tx, checkoutId, step);
  if (row?.undone) return false;

  await tx.query(
    `update checkouts
        set unwinding_at = now(), refusal = $2, refusal_sentence = $3
      where id = $1
        and unwinding_at is null`,
    [checkoutId, because, sentence],
  );
  await tx.query(
    `insert into step_ledger (checkout_id, step, undone_at) values ($1, $2, now())
     on conflict (checkout_id, step) do update set undone_at = now()`,
    [checkoutId, step],
  );
  if (row?.done) await append(tx, checkoutId, await undo());
  return true;
}

/**
 * A statement of its own on purpose: after waiting for the lock, a join would show the ledger as it was before the wait,
 * and the step would run twice.
 */
async function lockOrder(tx: Transaction, checkoutId: string): Promise<void> {
  const { rowCount } = await tx.query(`select from checkouts where id = $1 for no key update`, [checkoutId]);
  if (rowCount !== 1) throw new Error(`Checkout ${checkoutId} is not in this database`);
}

async function ledgerRow(db: Queryable, checkoutId: string, step: Step): Promise<LedgerRow | undefined> {
  const { rows } = await db.query<LedgerRow>(
    `select result, done_at is not null as done, undone_at is not null as undone
       from step_ledger
      where checkout_id = $1
        and step = $2`,
    [checkoutId, step],
  );
  return rows[0];
}

/** Not a refusal: it answers an attempt that came after its own undo. */
export const alreadyUndone = (checkoutId: string, step: Step): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'AlreadyUndone',
    message: `Step ${step} of ${checkoutId} was undone before this attempt arrived`,
    nonRetryable: true,
    category: 'BENIGN',
  });
