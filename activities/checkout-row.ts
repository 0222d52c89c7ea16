import type { Unwinding } from '../src/contract/activities';
import type { OrderKey } from '../src/contract/checkout';
import { REFUSALS } from '../src/domain/refusals';
import type { Refusal } from '../src/domain/refusals';
import { STEPS } from '../src/domain/steps';
import { append } from '../src/outbox/append';
import type { Database, Transaction } from '../src/postgres/database';
import { NO_LONGER_AWAITING, SETTLE_WAIT } from './payment-wait';
import { refuse } from './refuse';

const CANCELLED: Refusal = 'Cancelled';

/** Marks the order as being undone. The first reason stays. */
export async function startUnwinding(tx: Transaction, { checkoutId, because, sentence }: Unwinding): Promise<void> {
  await tx.query(
    `with mine as (
       update checkouts
          set unwinding_at = now(), refusal = $2, refusal_sentence = $3, started_at = coalesce(started_at, now()),
              ${NO_LONGER_AWAITING}
        where id = $1
          and unwinding_at is null
       returning id
     )
     ${SETTLE_WAIT}`,
    [checkoutId, because, sentence],
  );
}

/**
 * Ends a checkout once its oldest undo has run and none is parked, also one whose order was refused before it existed: as cancelled if the
 * customer asked for it, else as refused. The reason comes from the row, not from the caller: a resumed run may have met another reason.
 */
export async function endIfUndone(tx: Transaction, { checkoutId }: OrderKey): Promise<void> {
  const { rows } = await tx.query<{ because: Refusal }>(
    `update checkouts
        set state = case refusal when $2 then 'cancelled' else 'refused' end, ended_at = now()
      where id = $1
        and ended_at is null
        and exists (select from step_ledger where checkout_id = $1 and step = $3 and undone_at is not null)
        and not exists (select from attention where checkout_id = $1 and cleared_at is null)
     returning refusal as because`,
    [checkoutId, CANCELLED, STEPS[0]],
  );
  const [ended] = rows;
  if (!ended) return;
  await append(tx, checkoutId, [
    ended.because === CANCELLED
      ? { type: 'checkout.cancelled', data: {} }
      : { type: 'checkout.refused', data: { code: REFUSALS[ended.because].code } },
  ]);
}

/**
 * The point of no return: from here on a customer's cancel is too late. If the cancel was first, the last step is refused. Both take the
 * order's lock, so one of them wins and both see which.
 */
export async function startCompleting(db: Database, { checkoutId }: OrderKey): Promise<void> {
  const { rowCount } = await db.query(
    `update checkouts
        set completing_at = coalesce(completing_at, now())
      where id = $1
        and cancel_requested_at is null`,
    [checkoutId],
  );
  if (rowCount === 0) throw refuse('Cancelled', 'The checkout was cancelled.');
}
