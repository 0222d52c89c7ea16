import { decidedBefore } from '../../contract/repair';
import type { Repair } from '../../contract/repair';
import { FULFILLMENT_CASE } from '../../domain/attention-kind';
import { closeFulfillmentCase, settleSoon } from '../../outbox/fulfillment-case';
import type { Database, Transaction } from '../../postgres/database';
import { lockOrder } from '../../postgres/lock-order';
import type { RepairAnswer } from './repair-answer';

interface Decision extends Pick<Repair, 'id' | 'operator' | 'action'> {
  readonly at: Date;
}

/**
 * Settles what to do about the goods of an order. If its warehouse refused it after all, `resolve` says that they go out some other way, so
 * the money may be captured, and `retry` asks the warehouse again. If its inventory was not told that they have left, `resolve` says that it
 * knows, and `retry` tells it. In Postgres alone, because no workflow waits for it, and most have closed by then.
 */
export const repairFulfillment = (db: Database, checkoutId: string, repair: Repair): Promise<RepairAnswer> =>
  db.transaction(async (tx) => {
    await lockOrder(tx, checkoutId);
    const made = await decisionsOn(tx, checkoutId, repair);
    if (made.some(({ id }) => id === repair.id)) return { outcome: 'done' };
    const { step, action, seen = made.length } = repair;
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
    await tx.query(
      `insert into repairs (id, checkout_id, step, kind, action, reason, operator, seen) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [repair.id, checkoutId, step, FULFILLMENT_CASE, action, repair.reason, repair.operator, seen],
    );
    if (action === 'resolve') await closeFulfillmentCase(tx, { checkoutId, step });
    else if (step === 'stock-reserved') await settleSoon(tx, checkoutId);
    else await askWarehouse(tx, checkoutId, repair);
    return { outcome: 'done' };
  });

async function decisionsOn(tx: Transaction, checkoutId: string, { step }: Repair): Promise<Decision[]> {
  const { rows } = await tx.query<Decision>(
    `select id, operator, action, done_at as at
       from repairs
      where checkout_id = $1
        and step = $2
      order by seen nulls first, done_at`,
    [checkoutId, step],
  );
  return rows;
}

async function askWarehouse(tx: Transaction, checkoutId: string, { id }: Repair): Promise<void> {
  await tx.query(
    `insert into provider_notices (source, role, notice_id, checkout_id) values ('*', 'warehouse', $1, $2)`,
    [id, checkoutId],
  );
}
