import type { CheckoutActivities } from '../src/contract/activities';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { alreadyUndone } from './ledger-row';
import { refuse } from './refuse';
import { once } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

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

export const fulfillmentActivities = ({ db, providerOf }: ActivityPorts): FulfillmentActivities => ({
  triggerFulfillment: (order) =>
    once(db, order, STEP, async (facts) => {
      const { lines, request } = facts;
      const key = providerKey(order.checkoutId, STEP.name);
      const warehouse = await providerOf('warehouse', { ...order, ...facts });
      const answer = await warehouse.trigger({ key, lines, address: request.shippingAddress });
      if (answer.outcome === 'refused') {
        throw refuse('WarehouseRefused', `The warehouse does not take the order: ${answer.reason}.`);
      }
      if (answer.outcome === 'blocked') throw alreadyUndone(order.checkoutId, STEP.name);

      const { reference: fulfillmentId, outcome, deliveryPromise, shipFrom } = answer;
      return {
        result: { fulfillmentId },
        events: [{ type: 'fulfillment.triggered', data: { fulfillmentId } }],
        values: [outcome === 'accepted', deliveryPromise, shipFrom && JSON.stringify(shipFrom)],
      };
    }),

  cancelFulfillment: (order) =>
    undoOnce(db, order, STEP.name, {
      call: async (key) => (await providerOf('warehouse', order)).cancel({ key }),
      rows: async (tx) => {
        const { rows } = await tx.query<{ fulfillmentId: string }>(
          `update fulfillments set cancelled_at = now() where checkout_id = $1 returning fulfillment_id as "fulfillmentId"`,
          [order.checkoutId],
        );
        return rows.map((data) => ({ type: 'fulfillment.cancelled', data }));
      },
    }),
});
