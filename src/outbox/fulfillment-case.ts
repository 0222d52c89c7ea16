import { FULFILLMENT_CASE } from '../domain/attention-kind';
import type { Step } from '../domain/steps';
import type { Transaction } from '../postgres/database';
import { closeCase, openCase } from './attention-case';

/** What is wrong with the goods of an order: of step 4 that the warehouse refuses after all, of step 3 that its inventory was not told. */
export interface FulfillmentCase {
  readonly checkoutId: string;
  readonly step: Step;
}

/** Calls operators. Call it with the order locked. Harmless if the case is open. */
export async function openFulfillmentCase(tx: Transaction, about: FulfillmentCase, why: string): Promise<void> {
  await openCase(tx, { ...about, kind: FULFILLMENT_CASE }, why);
}

/** Call it with the order locked. Harmless if no case is open. */
export async function closeFulfillmentCase(tx: Transaction, about: FulfillmentCase): Promise<void> {
  if (await closeCase(tx, { ...about, kind: FULFILLMENT_CASE })) await settleSoon(tx, about.checkoutId);
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
