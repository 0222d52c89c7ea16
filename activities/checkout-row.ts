import type { Unwinding } from '../src/contract/activities';
import type { OrderKey } from '../src/contract/checkout';
import { REFUSALS } from '../src/domain/refusals';
import type { CheckoutEvent } from '../src/domain/events';
import type { CheckoutRequest } from '../src/domain/order';
import { append } from '../src/outbox/append';
import type { Queryable, Transaction } from '../src/postgres/database';
import { refuse } from './refuse';

/** Marks the checkout as running. One that was given up before it started (expired) is not revived. */
export async function startRunning(tx: Transaction, checkoutId: string): Promise<void> {
  const { rowCount } = await tx.query(
    `update checkouts
        set state = 'running', started_at = coalesce(started_at, now())
      where id = $1
        and ended_at is null`,
    [checkoutId],
  );
  if (rowCount === 0)
    throw refuse('CheckoutExpired', 'The checkout waited too long to start; use a new Idempotency-Key.');
}

/** What the client asked for. Read here and not passed through the workflow: histories hold no personal data. */
export async function requestOf(db: Queryable, checkoutId: string): Promise<CheckoutRequest> {
  const { rows } = await db.query<{ request: CheckoutRequest }>(`select request from checkouts where id = $1`, [
    checkoutId,
  ]);
  const row = rows[0];
  if (!row) throw new Error(`Checkout ${checkoutId} is not in this database`);
  return row.request;
}

/** The last step's transaction ends the checkout too, so that nobody ever sees seven steps done and no end. */
export async function endCompleted(tx: Transaction, { checkoutId }: OrderKey): Promise<CheckoutEvent> {
  const { rows } = await tx.query<{ minor: bigint; currency: string }>(
    `update checkouts
        set state = 'completed', ended_at = now()
       from orders
      where checkouts.id = $1
        and orders.checkout_id = checkouts.id
     returning orders.total_minor as minor, orders.currency`,
    [checkoutId],
  );
  const total = rows[0];
  if (!total) throw new Error(`Checkout ${checkoutId} has a label and no order`);
  return { type: 'checkout.completed', data: { total: { minor: Number(total.minor), currency: total.currency } } };
}

/** Ends a checkout that was undone: as cancelled if the customer asked for it, else as refused. */
export async function endUnwound(tx: Transaction, { checkoutId, because }: Unwinding): Promise<void> {
  const cancelled = because === 'Cancelled';
  const { rowCount } = await tx.query(
    `update checkouts
        set state = $2, ended_at = now(), started_at = coalesce(started_at, now())
      where id = $1
        and ended_at is null`,
    [checkoutId, cancelled ? 'cancelled' : 'refused'],
  );
  if (rowCount === 0) return;
  await append(tx, checkoutId, [
    cancelled
      ? { type: 'checkout.cancelled', data: {} }
      : { type: 'checkout.refused', data: { code: REFUSALS[because].code } },
  ]);
}
