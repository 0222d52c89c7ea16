import type { Transaction } from './database';

/** Takes the order's lock, or waits for it. */
const LOCKED = `pg_advisory_xact_lock(hashtextextended(id, 0)) is not null`;

/** The same lock, for a statement that does nothing rather than wait; true if it has the lock. */
export const LOCKED_AT_ONCE = `pg_try_advisory_xact_lock(hashtextextended(id, 0))`;

/**
 * Takes the order's lock, which every transaction that changes an order or appends its events holds until the commit. It must be the
 * transaction's first act. It is a separate statement on purpose: after waiting for the lock, a join would show the other rows as they were
 * before the wait, and a step would run twice.
 *
 * It is two locks. A transaction that waits for the row lock may get its transaction id while it waits, and then be older than one that had
 * the lock before it (with four writers of one order, a third of them were). One that waits for the advisory lock has no id yet, and finds
 * the row free.
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
