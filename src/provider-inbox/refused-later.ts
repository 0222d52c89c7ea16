import type { Step } from '../domain/steps';
import { closeFulfillmentCase, openFulfillmentCase } from '../outbox/fulfillment-case';
import type { Database } from '../postgres/database';
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
    await openFulfillmentCase(
      tx,
      { checkoutId, step: STEP },
      `The warehouse accepted the order and then refused it: ${reason}`,
    );
    return true;
  });

/** The warehouse packs after all. Harmless if it had never refused. */
export const takeBackRefusal = (db: Database, checkoutId: string): Promise<void> =>
  db.transaction(async (tx) => {
    await lockOrder(tx, checkoutId);
    await tx.query(`update fulfillments set refused_at = null where checkout_id = $1 and refused_at is not null`, [
      checkoutId,
    ]);
    await closeFulfillmentCase(tx, { checkoutId, step: STEP });
  });
