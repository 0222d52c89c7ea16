import { ApplicationFailure } from '@temporalio/activity';
import type { Unwinding } from '../src/contract/activities';
import type { OrderKey } from '../src/contract/checkout';
import type { CheckoutEvent } from '../src/domain/events';
import { STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import type { OwnRows } from '../src/ports/own-rows';
import { append, AnnouncedOutOfTurn } from '../src/outbox/append';
import type { Database, Queryable, Transaction } from '../src/postgres/database';
import { brokeItsConstraint } from '../src/postgres/error-codes';
import { endIfUndone, startUnwinding } from './checkout-row';
import { clearAttention } from './clear-attention';
import { ledgerRow, lockedRow, storedAnswer } from './ledger-row';
import type { OrderFacts } from './order-facts';
import type { StepStatement } from './step-statement';

/** A step and the statement that writes it: see `stepStatement`. */
export interface LedgerStep {
  readonly name: Step;
  readonly statement: StepStatement;
}

/** What a step did: the answer to store, the events that announce it, and further values for its statement. */
export interface Done<T> {
  readonly result: T;
  readonly events: readonly CheckoutEvent[];
  readonly values?: readonly unknown[];
  /** What the provider's port changes in our own database. */
  readonly own?: OwnRows | undefined;
  /** Refuses the step after all: if the statement has written nothing, this looks again with the order locked. */
  readonly unlessRefused?: (tx: Transaction) => Promise<void>;
}

/**
 * The stored answer of a step that has already happened, and the facts of its order. A step that was undone fails for good. One that has not
 * happened yet is refused if the customer has cancelled.
 */
export async function recorded<T>(
  db: Queryable,
  { checkoutId }: OrderKey,
  { name }: LedgerStep,
): Promise<{ readonly stored: T | undefined } & OrderFacts> {
  const row = await ledgerRow(db, checkoutId, name);
  // Operators were called although the step had happened. The long way finds the same answer and also closes their case.
  const stored = row.done && row.stuck ? undefined : storedAnswer<T>(row, checkoutId, name);
  return { ...row, stored };
}

/**
 * Runs `work` unless the ledger shows that the step has happened, and returns the step's answer, new or stored: a retry writes nothing. If it
 * finds a tombstone it does nothing and fails for good, because nobody waits for this attempt any more. A refusal counts only if, under the
 * order's lock, no other attempt has succeeded meanwhile.
 */
export async function once<T>(
  db: Database,
  order: OrderKey,
  step: LedgerStep,
  work: (facts: OrderFacts) => Promise<Done<T>>,
): Promise<T> {
  const { stored, ...facts } = await recorded<T>(db, order, step);
  if (stored !== undefined) return stored;
  return keep(db, order, step, await work(facts).catch(refusalIn));
}

function refusalIn(cause: unknown): ApplicationFailure {
  if (cause instanceof ApplicationFailure) return cause;
  throw cause;
}

/**
 * Writes a step whose provider has answered, and returns its answer, or that of another attempt which was first.
 *
 * The short way writes in one statement and without waiting for a lock. It writes nothing if anything is unusual; the long way then reads
 * again under the order's lock. A refusal is decided the long way only: it must not overlook an attempt that has just succeeded.
 */
export async function keep<T>(
  db: Database,
  order: OrderKey,
  step: LedgerStep,
  done: Done<T> | ApplicationFailure,
): Promise<T> {
  if (done instanceof ApplicationFailure) return underLock(db, order, step, () => Promise.reject(done));
  if (await writeAtOnce(db, order, step, done)) return done.result;
  return underLock(db, order, step, async (tx) => {
    await done.unlessRefused?.(tx);
    return done;
  });
}

/** The long way: waits for the order's lock and reads again. */
const underLock = <T>(
  db: Database,
  { checkoutId }: OrderKey,
  step: LedgerStep,
  decide: (tx: Transaction) => Promise<Done<T>>,
): Promise<T> =>
  db.transaction(async (tx) => {
    const row = await lockedRow(tx, checkoutId, step.name);
    const stored = storedAnswer<T>(row, checkoutId, step.name);
    const done = stored === undefined ? await decide(tx) : undefined;
    if (row.stuck) await clearAttention(tx, { checkoutId, step: step.name, kind: 'step' });
    if (!done) return stored as T;
    if (!(await write(tx, checkoutId, step, done))) throw new AnnouncedOutOfTurn(checkoutId);
    return done.result;
  });

/** False if nothing was written and the long way is needed. */
async function writeAtOnce(db: Database, { checkoutId }: OrderKey, step: LedgerStep, done: Done<unknown>) {
  try {
    return await write(db, checkoutId, step, done);
  } catch (error) {
    // Another attempt or another order has committed since the statement began: the step's row exists, or the last unit is gone.
    if (brokeItsConstraint(error)) return false;
    throw error;
  }
}

async function write(
  db: Queryable,
  checkoutId: string,
  { name, statement }: LedgerStep,
  { result, events, values = [], own }: Done<unknown>,
): Promise<boolean> {
  const { rowCount } = await db.query(statement(own), [
    ...[checkoutId, name, JSON.stringify(result), JSON.stringify(events)],
    ...values,
  ]);
  return rowCount === 1;
}

/**
 * Runs `undo` if the step has happened. If not, it leaves a tombstone, so that an attempt still in flight changes nothing. Repeated, it does
 * nothing. The last undo of a checkout ends it.
 */
export async function undoOnce(
  tx: Transaction,
  order: Unwinding,
  step: Step,
  undo: (facts: OrderFacts) => Promise<readonly CheckoutEvent[]>,
): Promise<void> {
  const { checkoutId } = order;
  const row = await lockedRow(tx, checkoutId, step);
  await startUnwinding(tx, order);
  if (row.done && !row.undone) {
    await tx.query(`update step_ledger set undone_at = now() where checkout_id = $1 and step = $2`, [checkoutId, step]);
    await append(tx, checkoutId, await undo(row));
  } else if (!row.undone) await leaveTombstone(tx, checkoutId, step);
  // Operators may have been called for an undo that had succeeded, and whose answer was lost.
  if (row.parked) await clearAttention(tx, { checkoutId, step, kind: 'undo' });
  // Nobody needs to decide about a step that is undone.
  if (row.stuck) await clearAttention(tx, { checkoutId, step, kind: 'step' });
  if (row.refusedLater) await clearAttention(tx, { checkoutId, step, kind: 'fulfillment' });
  // If it was undone before, its run may have ended before it could end the checkout.
  if (row.undone || row.parked || row.stuck || step === STEPS[0]) await endIfUndone(tx, order);
}

/** False if the ledger already has a row for the step. */
export async function leaveTombstone(tx: Transaction, checkoutId: string, step: Step): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into step_ledger (checkout_id, step, undone_at) values ($1, $2, now())
     on conflict (checkout_id, step) do nothing`,
    [checkoutId, step],
  );
  return rowCount === 1;
}
