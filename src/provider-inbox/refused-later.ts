import { FULFILLMENT_CASE } from '../domain/attention-kind';
import type { Step } from '../domain/steps';
import { append } from '../outbox/append';
import type { Database, Transaction } from '../postgres/database';
import { lockOrder } from '../postgres/lock-order';

const STEP: Step = 'fulfillment-triggered';

/**
 * Calls operators because the warehouse, which had accepted, refuses. State and outcome of the checkout stay; a capture that has not happened
 * yet waits. Once for each order: repeated, it does nothing, and so it does if the order is being undone anyway. False if the step is not
 * recorded yet.
 */
export const noteRefusal = (db: Database, checkoutId: string, reason: string): Promise<boolean> =>
  db.transaction(async (tx) => {
    await lockOrder(tx, checkoutId);
    const { rows } = await tx.query<{ recorded: boolean; stands: boolean }>(
      `select ledger.step is not null as recorded,
              ledger.done_at is not null and ledger.undone_at is null and unwinding_at is null as stands
         from checkouts
         left join step_ledger ledger on ledger.checkout_id = checkouts.id and ledger.step = $2
        where id = $1`,
      [checkoutId, STEP],
    );
    if (!rows[0]?.recorded) return false;
    if (!rows[0].stands) return true;
    const { rowCount } = await tx.query(
      `update fulfillments set refused_at = now() where checkout_id = $1 and refused_at is null`,
      [checkoutId],
    );
    if (rowCount === 0) return true;
    await tx.query(
      `insert into attention (checkout_id, step, kind, why) values ($1, $2, $3, $4)
       on conflict (checkout_id, step, kind) do update set why = excluded.why, raised_at = now(), cleared_at = null`,
      [checkoutId, STEP, FULFILLMENT_CASE, `The warehouse accepted the order and then refused it: ${reason}`],
    );
    await append(tx, checkoutId, [{ type: 'attention.raised', data: { step: STEP, kind: FULFILLMENT_CASE } }]);
    return true;
  });

/** The warehouse packs after all. Harmless if it had never refused. */
export const takeBackRefusal = (db: Database, checkoutId: string): Promise<void> =>
  db.transaction(async (tx) => {
    await lockOrder(tx, checkoutId);
    await tx.query(`update fulfillments set refused_at = null where checkout_id = $1 and refused_at is not null`, [
      checkoutId,
    ]);
    await closeCase(tx, checkoutId);
  });

/** Call it with the order locked. Harmless if no case is open. */
export async function closeCase(tx: Transaction, checkoutId: string): Promise<void> {
  const { rowCount } = await tx.query(
    `update attention
        set cleared_at = now()
      where checkout_id = $1
        and step = $2
        and kind = $3
        and cleared_at is null`,
    [checkoutId, STEP, FULFILLMENT_CASE],
  );
  if (rowCount === 0) return;
  await append(tx, checkoutId, [{ type: 'attention.cleared', data: { step: STEP, kind: FULFILLMENT_CASE } }]);
}
