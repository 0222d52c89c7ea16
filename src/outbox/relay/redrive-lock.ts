import type { Transaction } from '../../postgres/database';

/*
 * Operators act one after the other, and not while a lane settles what was redriven; lanes do so side by side. Otherwise one would wait for
 * rows that the other has, and the other for its. Both turns last until the transaction ends.
 */

export async function lockForOperators(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('outbox-redrive'))`);
}

export async function lockForLanes(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock_shared(hashtext('outbox-redrive'))`);
}
