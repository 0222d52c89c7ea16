import type { Transaction } from '../../postgres/database';

/*
 * Operators act one at a time, and not while a lane settles redriven events; lanes settle concurrently. Otherwise they could deadlock on
 * their rows. Both locks last until the transaction ends.
 */

export async function lockForOperators(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('outbox-redrive'))`);
}

export async function lockForLanes(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock_shared(hashtext('outbox-redrive'))`);
}
