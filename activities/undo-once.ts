import type { Unwinding } from '../src/contract/activities';
import type { CheckoutEvent } from '../src/domain/events';
import { STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import { append } from '../src/outbox/append';
import { providerKey } from '../src/ports/provider-key';
import type { Database, Transaction } from '../src/postgres/database';
import { endIfUndone, startUnwinding } from './checkout-row';
import { clearAttention } from './clear-attention';
import { lockedRow } from './ledger-row';
import type { LedgerRow } from './ledger-row';
import type { OrderFacts } from './order-facts';

/** How a step is undone: first at its provider, if it has one, and then in our own rows. */
export interface Undo {
  /** Also for a step that is not known to have happened: its answer may have been lost, or its request may still be in flight. */
  readonly call?: (key: string) => Promise<void>;
  /** Only for a step that has happened. Returns the events that announce it. */
  readonly rows: (tx: Transaction, facts: OrderFacts) => Promise<readonly CheckoutEvent[]>;
}

/**
 * Undoes a step. If the step has not happened, it leaves a tombstone, so that an attempt still in flight changes nothing. Repeated, it only
 * calls the provider again. The last undo of a checkout ends it.
 */
export async function undoOnce(db: Database, order: Unwinding, step: Step, { call, rows }: Undo): Promise<void> {
  const { checkoutId } = order;
  // Before the transaction opens, so that no row stays locked while the provider thinks.
  if (!order.byHand) await call?.(providerKey(checkoutId, step));
  await db.transaction(async (tx) => {
    const row = await lockedRow(tx, checkoutId, step);
    await startUnwinding(tx, order);
    if (row.done && !row.undone) {
      await tx.query(`update step_ledger set undone_at = now() where checkout_id = $1 and step = $2`, [
        checkoutId,
        step,
      ]);
      await append(tx, checkoutId, await rows(tx, row));
    } else if (!row.undone) await leaveTombstone(tx, checkoutId, step);
    await closeCases(tx, checkoutId, step, row);
    // If it was undone before, its run may have ended before it could end the checkout.
    if (row.undone || row.parked || row.stuck || step === STEPS[0]) await endIfUndone(tx, order);
  });
}

/** Nobody needs to decide about a step that is undone, nor about an undo that had succeeded, and whose answer was lost. */
async function closeCases(tx: Transaction, checkoutId: string, step: Step, row: LedgerRow): Promise<void> {
  if (row.parked) await clearAttention(tx, { checkoutId, step, kind: 'undo' });
  if (row.stuck) await clearAttention(tx, { checkoutId, step, kind: 'step' });
  if (row.refusedLater) await clearAttention(tx, { checkoutId, step, kind: 'fulfillment' });
}

/** False if the ledger already has a row for the step. */
export async function leaveTombstone(tx: Transaction, checkoutId: string, step: Step): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into step_ledger (checkout_id, step, undone_at) values ($1, $2, now())
     on conflict (checkout_id, step) do nothing`,
    [checkoutId, step],
  );
  return rowCount === 1;
}
