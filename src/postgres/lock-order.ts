import type { Transaction } from './database';

/** Gives the order's lock, or waits for it. */
const LOCKED = `pg_advisory_xact_lock(hashtextextended(id, 0)) is not null`;

/** The same lock for a statement that would rather do nothing than wait: true once it has it. */
export const LOCKED_AT_ONCE = `pg_try_advisory_xact_lock(hashtextextended(id, 0))`;

/**
 * Takes the order's lock, which whoever changes or announces anything of an order holds until the commit. Be it a transaction's first act.
 * A statement of its own on purpose: after waiting for the lock, a join would show the other rows as they were before the wait, and a step
 * would run twice.
 *
 * Two locks in one: who waits for the row alone may be given its transaction id while it waits, and then be older than a transaction that
 * had the lock before it (a third of them, with four writers of one order). Who waits for the advisory lock has no id yet, and finds the
 * row free.
 */
export async function lockOrder(tx: Transaction, checkoutId: string): Promise<void> {
  const { rowCount } = await tx.first.query(
    `select
       from checkouts
      where id = $1
        and ${LOCKED}
        for no key update`,
    [checkoutId],
  );
  if (rowCount !== 1) throw new Error(`Checkout ${checkoutId} is not in this database`);
}
