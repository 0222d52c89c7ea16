import { ApplicationFailure } from '@temporalio/activity';
import { NOTHING_TO_REPAIR, TOO_LATE_TO_CANCEL } from '../src/contract/repair';
import type { AttentionActivities, Raised } from '../src/contract/repair';
import type { AttentionKind } from '../src/domain/attention-kind';
import { STEP_EVENTS } from '../src/domain/events';
import type { Step } from '../src/domain/steps';
import { append } from '../src/outbox/append';
import { openCase } from '../src/outbox/attention-case';
import type { Database, Transaction } from '../src/postgres/database';
import { lockOrder } from '../src/postgres/lock-order';
import { auditRepair } from './audit-repair';
import { startUnwinding } from './checkout-row';
import { clearAttention } from './clear-attention';
import { leaveTombstone } from './undo-once';

export const attentionActivities = (db: Database): AttentionActivities => ({
  async raiseAttention({ checkoutId, tenant, step, kind, why, unwinding }) {
    return db.transaction(async (tx) => {
      await lockOrder(tx, checkoutId);
      if (unwinding) await startUnwinding(tx, { checkoutId, tenant, ...unwinding });
      // An undo that succeeded, and whose answers were all lost, needs no operator.
      const settled = await settledAs(tx, { checkoutId, step, kind });
      if (settled) return settled;
      if (await openCase(tx, { checkoutId, step, kind }, why))
        await tx.query(`update checkouts set state = 'needs-attention' where id = $1`, [checkoutId]);
      return undefined;
    });
  },

  async recordRepair(repair) {
    const { checkoutId, step, kind, action } = repair;
    await db.transaction(async (tx) => {
      await lockOrder(tx, checkoutId);
      if (!(await auditRepair(tx, repair))) return;
      if (action === 'cancel') await giveUp(tx, checkoutId);
      if (action === 'skip' && kind === 'step') await skip(tx, { checkoutId, step });
    });
  },
});

interface Asked {
  readonly checkoutId: string;
  readonly step: Step;
  readonly kind: AttentionKind;
}

/** Call it with the order locked. Undefined if an operator is needed. */
async function settledAs(tx: Transaction, { checkoutId, step, kind }: Asked): Promise<Raised> {
  const { rows } = await tx.query<{ ended: boolean; undone: boolean }>(
    `select checkout.ended_at is not null as ended, ledger.undone_at is not null as undone
       from checkouts checkout
       left join step_ledger ledger on ledger.checkout_id = checkout.id and ledger.step = $2
      where checkout.id = $1`,
    [checkoutId, step],
  );
  const [row] = rows;
  if (row?.ended) return 'ended';
  return row?.undone && kind === 'undo' ? 'undone' : undefined;
}

/** The label may be made at this very moment: whoever takes the order's lock first wins. */
async function giveUp(tx: Transaction, checkoutId: string): Promise<void> {
  const { rowCount } = await tx.query(
    `update checkouts
        set cancel_requested_at = coalesce(cancel_requested_at, now())
      where id = $1
        and ended_at is null`,
    [checkoutId],
  );
  if (rowCount === 1) return;
  throw pointless(TOO_LATE_TO_CANCEL, `Checkout ${checkoutId} has ended meanwhile`);
}

const pointless = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true, category: 'BENIGN' });

/** The step's tombstone stops an attempt that is still in flight. */
async function skip(tx: Transaction, { checkoutId, step }: { checkoutId: string; step: Step }): Promise<void> {
  const events = STEP_EVENTS[step];
  if (!('skipped' in events)) throw new Error(`Step ${step} of ${checkoutId} cannot be skipped`);
  // A workflow that does not know of the cancel yet may be about to learn of it, or be lost.
  const { rowCount } = await tx.query(
    `select
       from checkouts
      where id = $1
        and cancel_requested_at is null
        and unwinding_at is null`,
    [checkoutId],
  );
  if (rowCount === 0) throw pointless(NOTHING_TO_REPAIR, 'The checkout is being cancelled or undone.');
  if (await leaveTombstone(tx, checkoutId, step)) await append(tx, checkoutId, [{ type: events.skipped, data: {} }]);
  await clearAttention(tx, { checkoutId, step, kind: 'step' });
}
