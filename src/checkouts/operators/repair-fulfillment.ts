import { decidedBefore } from '../../contract/repair';
import type { Repair, RepairAction } from '../../contract/repair';
import { FULFILLMENT_CASE } from '../../domain/attention-kind';
import { closeFulfillmentCase, settleSoon } from '../../outbox/fulfillment-case';
import type { Database, Transaction } from '../../postgres/database';
import { decisionsOn, recordDecision } from '../../postgres/decisions';
import { lockOrder } from '../../postgres/lock-order';
import type { RepairAnswer } from './repair-answer';

/**
 * Settles what to do about the goods of an order. If its warehouse refused it after all, `resolve` says that they go out some other way, so
 * the money may be captured, and `retry` asks the warehouse again. If its inventory was not told that they have left, `resolve` says that it
 * knows, and `retry` tells it. In Postgres alone, because no workflow waits for it, and most have closed by then.
 */
export const repairFulfillment = (db: Database, checkoutId: string, repair: Repair): Promise<RepairAnswer> =>
  db.transaction(async (tx) => {
    await lockOrder(tx, checkoutId);
    const { step, action } = repair;
    const made = await decisionsOn<RepairAction>(tx, { checkoutId, step });
    if (made.some(({ id }) => id === repair.id)) return { outcome: 'done' };
    const seen = repair.seen ?? made.length;
    const [unseen] = made.slice(seen);
    if (unseen) {
      const first = { operator: unseen.operator, action: unseen.action, at: unseen.at.toISOString() };
      return { outcome: 'decided', sentence: decidedBefore(step, first), first };
    }
    if (action !== 'retry' && action !== 'resolve') {
      return {
        outcome: 'refused',
        sentence: `${step} (${FULFILLMENT_CASE}) can be settled with retry, resolve, not with ${action}.`,
      };
    }
    const recorded = await recordDecision(tx, { ...repair, checkoutId, kind: FULFILLMENT_CASE, seen });
    if (!recorded) return { outcome: 'reused' };
    if (action === 'resolve') await closeFulfillmentCase(tx, { checkoutId, step });
    else if (step === 'stock-reserved') await settleSoon(tx, checkoutId);
    else await askWarehouse(tx, checkoutId, repair);
    return { outcome: 'done' };
  });

async function askWarehouse(tx: Transaction, checkoutId: string, { id }: Repair): Promise<void> {
  await tx.query(
    `insert into provider_notices (source, role, notice_id, checkout_id) values ('*', 'warehouse', $1, $2)`,
    [id, checkoutId],
  );
}
