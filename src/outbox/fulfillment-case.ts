import { FULFILLMENT_CASE } from '../domain/attention-kind';
import type { Step } from '../domain/steps';
import type { Transaction } from '../postgres/database';
import { append } from './append';

/** What is wrong with the goods of an order: of step 4 that the warehouse refuses after all, of step 3 that its inventory was not told. */
export interface FulfillmentCase {
  readonly checkoutId: string;
  readonly step: Step;
}

/** Calls operators. Call it with the order locked. Harmless if the case is open. */
export async function openCase(tx: Transaction, { checkoutId, step }: FulfillmentCase, why: string): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into attention (checkout_id, step, kind, why) values ($1, $2, $3, $4)
     on conflict (checkout_id, step, kind) do update
        set why = excluded.why, raised_at = now(), cleared_at = null
      where attention.cleared_at is not null`,
    [checkoutId, step, FULFILLMENT_CASE, why],
  );
  if (rowCount === 0) return;
  await append(tx, checkoutId, [{ type: 'attention.raised', data: { step, kind: FULFILLMENT_CASE } }]);
}

/** Call it with the order locked. Harmless if no case is open. */
export async function closeCase(tx: Transaction, { checkoutId, step }: FulfillmentCase): Promise<void> {
  const { rowCount } = await tx.query(
    `update attention
        set cleared_at = now()
      where checkout_id = $1
        and step = $2
        and kind = $3
        and cleared_at is null`,
    [checkoutId, step, FULFILLMENT_CASE],
  );
  if (rowCount === 0) return;
  await append(tx, checkoutId, [{ type: 'attention.cleared', data: { step, kind: FULFILLMENT_CASE } }]);
  await settleSoon(tx, checkoutId);
}

/** The settlement of the order, if it waits for its next attempt, is tried now: that may have been an hour away. */
export async function settleSoon(tx: Transaction, checkoutId: string): Promise<void> {
  await tx.query(
    `update outbox_parked
        set next_attempt_at = now()
      where sink = 'settlement'
        and aggregateid = $1
        and next_attempt_at > now()`,
    [checkoutId],
  );
}
