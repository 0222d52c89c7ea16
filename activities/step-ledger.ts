import { ApplicationFailure } from '@temporalio/activity';
import type { OrderKey } from '../src/contract/checkout';
import type { CheckoutEvent } from '../src/domain/events';
import type { Step } from '../src/domain/steps';
import type { OwnRows } from '../src/ports/own-rows';
import { AnnouncedOutOfTurn, append } from '../src/outbox/append';
import type { Database, Queryable, Transaction } from '../src/postgres/database';
import { brokeItsConstraint } from '../src/postgres/error-codes';
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

/** The step has not happened, and somebody else decides whether it will. */
export interface NotYet<T> {
  readonly notYet: T;
  /** What is written meanwhile. Returns the events that announce it. */
  readonly note: (tx: Transaction) => Promise<readonly CheckoutEvent[]>;
}

/**
 * Runs `work`, which asks the step's provider, unless the ledger shows that the step has happened, and returns the step's answer, new or stored:
 * a retry writes nothing. If it finds a tombstone it does nothing and fails for good, because nobody waits for this attempt any more. A step
 * that has not happened yet is refused if the customer has cancelled.
 *
 * `work` runs before any transaction opens, so that no row stays locked while a provider thinks. If we die after the answer, the retry asks
 * under the same key and gets the same answer.
 *
 * The short way writes in one statement and without waiting for a lock. It writes nothing if anything is unusual; the long way then reads
 * again under the order's lock. A refusal is decided the long way only: it must not overlook an attempt that has just succeeded.
 */
export async function once<T>(
  db: Database,
  order: OrderKey,
  step: LedgerStep,
  work: (facts: OrderFacts) => Promise<Done<T> | NotYet<T>>,
): Promise<T> {
  const row = await ledgerRow(db, order.checkoutId, step.name);
  // If operators were called although the step had happened, the long way finds the same answer and also closes their case.
  const stored = row.done && row.stuck ? undefined : storedAnswer<T>(row, order.checkoutId, step.name);
  if (stored !== undefined) return stored;
  const done = await work(row).catch(refusalIn);
  if (done instanceof ApplicationFailure) return underLock(db, order, step, () => Promise.reject(done));
  if ('notYet' in done) return underLock(db, order, step, () => Promise.resolve(done));
  if (await writeAtOnce(db, order, step, done)) return done.result;
  return underLock(db, order, step, async (tx) => {
    await done.unlessRefused?.(tx);
    return done;
  });
}

function refusalIn(cause: unknown): ApplicationFailure {
  if (cause instanceof ApplicationFailure) return cause;
  throw cause;
}

/** The long way: waits for the order's lock and reads again. */
const underLock = <T>(
  db: Database,
  { checkoutId }: OrderKey,
  step: LedgerStep,
  decide: (tx: Transaction) => Promise<Done<T> | NotYet<T>>,
): Promise<T> =>
  db.transaction(async (tx) => {
    const row = await lockedRow(tx, checkoutId, step.name);
    const stored = storedAnswer<T>(row, checkoutId, step.name);
    const done = stored === undefined ? await decide(tx) : undefined;
    if (row.stuck) await clearAttention(tx, { checkoutId, step: step.name, kind: 'step' });
    if (!done) return stored as T;
    if ('notYet' in done) {
      const events = await done.note(tx);
      if (events.length > 0) await append(tx, checkoutId, events);
      return done.notYet;
    }
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
