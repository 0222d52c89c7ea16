import { ApplicationFailure } from '@temporalio/activity';
import type { Unwinding } from '../src/contract/activities';
import type { OrderKey } from '../src/contract/checkout';
import type { CheckoutEvent } from '../src/domain/events';
import { STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import { append, AnnouncedOutOfTurn } from '../src/outbox/append';
import type { Database, Queryable, Transaction } from '../src/postgres/database';
import { brokeItsConstraint } from '../src/postgres/error-codes';
import { endIfUndone, startUnwinding } from './checkout-row';
import { clearAttention } from './clear-attention';
import { ledgerRow, lockedRow, storedAnswer } from './ledger-row';
import type { OrderFacts } from './order-facts';

/** A step, and the statement that writes it: see `stepStatement`. */
export interface LedgerStep {
  readonly name: Step;
  readonly statement: string;
}

/** What a step did: the answer to remember, the events that announce it, and values of its own for its statement. */
export interface Done<T> {
  readonly result: T;
  readonly events: readonly CheckoutEvent[];
  readonly values?: readonly unknown[];
}

/** Decides what a step does; `tx` holds the order's lock where it is given, and what it refuses then is final. */
type Work<T> = (facts: OrderFacts, tx?: Transaction) => Done<T> | Promise<Done<T>>;

/**
 * The stored answer of a step that already happened, else what its order is about. A step that was undone fails for good, and one that did
 * not happen yet is refused when the customer has cancelled.
 */
export async function recorded<T>(
  db: Queryable,
  { checkoutId }: OrderKey,
  { name }: LedgerStep,
): Promise<{ readonly stored: T | undefined } & OrderFacts> {
  const row = await ledgerRow(db, checkoutId, name);
  // Operators were called although it had happened: the long way, which finds the same answer, also tells them that it has.
  const stored = row.done && row.stuck ? undefined : storedAnswer<T>(row, checkoutId, name);
  return { ...row, stored };
}

/**
 * Runs `work` unless the ledger shows that the step happened, and returns the step's answer, new or stored: a retry writes
 * nothing. Finding a tombstone it does nothing and fails for good, because nobody waits for this attempt any more.
 *
 * The short way is to look and then write by one statement, which does nothing unless all is as it looked. What is decided against the
 * step is decided the long way only, under the order's lock: a refusal must not overlook an attempt that has just succeeded.
 */
export async function once<T>(db: Database, order: OrderKey, step: LedgerStep, work: Work<T>): Promise<T> {
  const { stored, ...facts } = await recorded<T>(db, order, step);
  if (stored !== undefined) return stored;
  const done = await unlessRefused(async () => work(facts));
  return done && (await writeAtOnce(db, order, step, done)) ? done.result : underLock(db, order, step, work);
}

async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ApplicationFailure) return undefined;
    throw cause;
  }
}

/** `once` for a step whose provider has answered already. */
export const keep = async <T>(db: Database, order: OrderKey, step: LedgerStep, done: Done<T>): Promise<T> =>
  (await writeAtOnce(db, order, step, done)) ? done.result : underLock(db, order, step, () => done);

/** The long way: waits for whoever is at the order, and looks again. */
const underLock = <T>(db: Database, { checkoutId }: OrderKey, step: LedgerStep, work: Work<T>): Promise<T> =>
  db.transaction(async (tx) => {
    const row = await lockedRow(tx, checkoutId, step.name);
    const stored = storedAnswer<T>(row, checkoutId, step.name);
    const done = stored === undefined ? await work(row, tx) : undefined;
    if (row.stuck) await clearAttention(tx, { checkoutId, step: step.name, kind: 'step' });
    if (!done) return stored as T;
    if (!(await write(tx, checkoutId, step, done))) throw new AnnouncedOutOfTurn(checkoutId);
    return done.result;
  });

/** False, and nothing written, where the long way has to be taken. */
async function writeAtOnce(db: Database, { checkoutId }: OrderKey, step: LedgerStep, done: Done<unknown>) {
  try {
    return await write(db, checkoutId, step, done);
  } catch (error) {
    // Another attempt, or another order's, has committed since the statement began: the step's row is there, or the last unit is gone.
    if (brokeItsConstraint(error)) return false;
    throw error;
  }
}

async function write(
  db: Queryable,
  checkoutId: string,
  { name, statement }: LedgerStep,
  { result, events, values = [] }: Done<unknown>,
): Promise<boolean> {
  const { rowCount } = await db.query(statement, [
    ...[checkoutId, name, JSON.stringify(result), JSON.stringify(events)],
    ...values,
  ]);
  return rowCount === 1;
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
  await startUnwinding(tx, order);
  if (row.done && !row.undone) {
    await tx.query(`update step_ledger set undone_at = now() where checkout_id = $1 and step = $2`, [checkoutId, step]);
    await append(tx, checkoutId, await undo());
  } else if (!row.undone) await leaveTombstone(tx, checkoutId, step);
  // Also of an undo that operators were called for although it had worked, and only its answer was lost.
  if (row.parked) await clearAttention(tx, { checkoutId, step, kind: 'undo' });
  // Nobody decides about a step any more that is undone.
  if (row.stuck) await clearAttention(tx, { checkoutId, step, kind: 'step' });
  // Undone before: its run ended, or was ended, before it could end its checkout.
  if (row.undone || row.parked || row.stuck || step === STEPS[0]) await endIfUndone(tx, order);
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
