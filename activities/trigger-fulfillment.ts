import type { CheckoutActivities } from '../src/contract/activities';
import type { Warehouse } from '../src/ports/warehouse';
import { providerKey } from '../src/ports/provider-key';
import type { Database } from '../src/postgres/database';
import { refuse } from './refuse';
import { alreadyUndone, once, recorded, undoOnce } from './step-ledger';

const STEP = 'fulfillment-triggered';

type FulfillmentActivities = Pick<CheckoutActivities, 'triggerFulfillment' | 'cancelFulfillment'>;

export const fulfillmentActivities = (db: Database, warehouse: Warehouse): FulfillmentActivities => ({
  async triggerFulfillment(order) {
    const { checkoutId } = order;
    const { stored, request, lines } = await recorded<{ fulfillmentId: string }>(db, order, STEP);
    if (stored) return stored;

    const { shippingAddress: address } = request;
    const answer = await warehouse.trigger({ key: providerKey(checkoutId, STEP), lines, address });
    if (answer.outcome === 'refused') {
      throw refuse('WarehouseRefused', `The warehouse does not take the order: ${answer.reason}.`);
    }
    if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP);

    const { fulfillmentId } = answer;
    return db.transaction((tx) =>
      once(tx, order, STEP, () => ({
        result: { fulfillmentId },
        events: [{ type: 'fulfillment.triggered', data: { fulfillmentId } }],
        wrote: tx.query(`insert into fulfillments (checkout_id, fulfillment_id) values ($1, $2)`, [
          checkoutId,
          fulfillmentId,
        ]),
      })),
    );
  },

  async cancelFulfillment(order) {
    const { checkoutId } = order;
    if (!order.byHand) await warehouse.cancel({ key: providerKey(checkoutId, STEP) });
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP, async () => {
        const { rows } = await tx.query<{ fulfillmentId: string }>(
          `update fulfillments set cancelled_at = now() where checkout_id = $1 returning fulfillment_id as "fulfillmentId"`,
          [checkoutId],
        );
        return rows.map((data) => ({ type: 'fulfillment.cancelled', data }));
      }),
    );
  },
});
