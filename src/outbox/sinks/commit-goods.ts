import { providerKey } from '../../ports/provider-key';
import type { OrderRef, ProviderOf } from '../../ports/providers';
import type { Database } from '../../postgres/database';
import { lockOrder } from '../../postgres/lock-order';
import { closeFulfillmentCase, openFulfillmentCase } from '../fulfillment-case';
import { DELIVERED } from '../sink';
import type { Outcome } from '../sink';
import { GOODS_STEP } from './read-settlement';
import type { Settlement } from './read-settlement';

export interface SettlementParts {
  readonly db: Database;
  readonly providerOf: ProviderOf;
  /** How long after the label the goods may stay on the stock of an inventory before operators are called, such as `90s`. */
  readonly attentionAfter?: string;
}

/** As long as a step may keep failing. */
const ATTENTION_AFTER = '15m';

/**
 * Tells an inventory that is called that the goods have left with their label; ours has known since the label's transaction. It is told
 * without end, because they have left. An inventory that is away holds up its own orders, and no capture of another. After a while operators
 * are called, and may say that it knows. Throws only if Postgres is away.
 */
export async function commitGoods(order: OrderRef, { goods }: Settlement, parts: SettlementParts): Promise<Outcome> {
  if (goods.settledByHand) return DELIVERED;
  const { db, providerOf } = parts;
  const { checkoutId } = order;
  try {
    const inventory = await providerOf('inventory', order);
    await inventory.commit({ key: providerKey(checkoutId, GOODS_STEP) });
  } catch (error) {
    const reason = `The goods are not taken off the stock: ${(error as Error).message}`;
    if (!goods.caseOpen) await callOperators(checkoutId, reason, parts);
    return { status: 'failed', reason, retry: 'without-end' };
  }
  if (goods.caseOpen) {
    await db.transaction(async (tx) => {
      await lockOrder(tx, checkoutId);
      await closeFulfillmentCase(tx, { checkoutId, step: GOODS_STEP });
    });
  }
  return DELIVERED;
}

/** By Postgres' clock, and from the label on, which ended the checkout. */
async function callOperators(
  checkoutId: string,
  why: string,
  { db, attentionAfter = ATTENTION_AFTER }: SettlementParts,
): Promise<void> {
  const { rowCount } = await db.query(`select from checkouts where id = $1 and ended_at < now() - $2::interval`, [
    checkoutId,
    attentionAfter,
  ]);
  if (rowCount === 0) return;
  await db.transaction(async (tx) => {
    await lockOrder(tx, checkoutId);
    await openFulfillmentCase(tx, { checkoutId, step: GOODS_STEP }, why);
  });
}
