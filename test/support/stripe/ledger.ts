import type { Payment } from './payment';

/** What happened to the money of one intent, or of several: minor units, except `holds`, which counts how often money was held. */
export interface Ledger {
  readonly holds: number;
  readonly held: number;
  readonly captured: number;
  readonly freed: number;
  readonly refunded: number;
}

const NOTHING: Ledger = { holds: 0, held: 0, captured: 0, freed: 0, refunded: 0 };

export const ledgerOf = (payments: readonly Payment[]): Ledger =>
  payments.reduce(
    (sum, { intent, charge, holds, freed }) => ({
      holds: sum.holds + holds,
      held: sum.held + intent.amount_capturable,
      captured: sum.captured + intent.amount_received,
      freed: sum.freed + freed,
      refunded: sum.refunded + (charge?.amount_refunded ?? 0),
    }),
    NOTHING,
  );
