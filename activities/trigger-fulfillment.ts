import type { CheckoutActivities } from '../src/contract/activities';
import { providerKey } from '../src/ports/provider-key';
import type { ProviderOf } from '../src/ports/providers';
import type { Database } from '../src/postgres/database';
import { alreadyUndone } from './ledger-row';
import { refuse } from './refuse';
import { keep, recorded, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

const STEP = {
  name: 'fulfillment-triggered',
  statement: stepStatement({
    rows: {
      packed: `insert into fulfillments (checkout_id, fulfillment_id, accepted, delivery_promise, ship_from)
               select id, result ->> 'fulfillmentId', $5::boolean, $6::text, $7::jsonb from mine`,
    },
  }),
} as const;

type FulfillmentActivities = Pick<CheckoutActivities, 'triggerFulfillment' | 'cancelFulfillment'>;

export const fulfillmentActivities = (db: Database, providerOf: ProviderOf): FulfillmentActivities => ({
  async triggerFulfillment(order) {
    const { checkoutId } = order;
    const { stored, ...facts } = await recorded<{ fulfillmentId: string }>(db, order, STEP);
    if (stored) return stored;

    const { lines, request } = facts;
    const key = providerKey(checkoutId, STEP.name);
    const warehouse = await providerOf('warehouse', { ...order, ...facts });
    const answer = await warehouse.trigger({ key, lines, address: request.shippingAddress });
    if (answer.outcome === 'refused') {
      throw refuse('WarehouseRefused', `The warehouse does not take the order: ${answer.reason}.`);
    }
    if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP.name);

    const { reference: fulfillmentId, outcome, deliveryPromise, shipFrom } = answer;
    return keep(db, order, STEP, {
      result: { fulfillmentId },
      events: [{ type: 'fulfillment.triggered', data: { fulfillmentId } }],
      values: [outcome === 'accepted', deliveryPromise, shipFrom && JSON.stringify(shipFrom)],
    });
  },

  async cancelFulfillment(order) {
    const { checkoutId } = order;
    const key = providerKey(checkoutId, STEP.name);
    if (!order.byHand) await (await providerOf('warehouse', order)).cancel({ key });
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP.name, async () => {
        const { rows } = await tx.query<{ fulfillmentId: string }>(
          `update fulfillments set cancelled_at = now() where checkout_id = $1 returning fulfillment_id as "fulfillmentId"`,
          [checkoutId],
        );
        return rows.map((data) => ({ type: 'fulfillment.cancelled', data }));
      }),
    );
  },
});
