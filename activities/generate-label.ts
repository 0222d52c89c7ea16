import type { CheckoutActivities } from '../src/contract/activities';
import { toMinorNumber } from '../src/domain/money';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { startCompleting } from './checkout-row';
import { alreadyUndone } from './ledger-row';
import { orderTotal } from './order-facts';
import { refuse } from './refuse';
import { once } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

const STEP = {
  name: 'label-generated',
  statement: stepStatement({
    // The same statement ends the checkout, so that nobody ever sees seven steps done and a checkout still running.
    sets: `state = 'completed', ended_at = now()`,
    rows: {
      labelled: `insert into shipping_labels (checkout_id, label_id, tracking_number)
                 select id, result ->> 'labelId', result ->> 'trackingNumber' from mine`,
      printed: `insert into label_documents (checkout_id, format, bytes)
                select id, $5, $6::bytea from mine where $5::text is not null`,
    },
  }),
} as const;

type LabelActivities = Pick<CheckoutActivities, 'generateLabel' | 'voidLabel'>;

export const labelActivities = ({ db, providerOf }: ActivityPorts): LabelActivities => ({
  generateLabel: (order) =>
    once(db, order, STEP, async (facts) => {
      await startCompleting(db, order);
      const { checkoutId } = order;
      const { shippingAddress: address } = facts.request;
      const total = orderTotal(facts);
      const key = providerKey(checkoutId, STEP.name);
      const parcel = { key, orderId: checkoutId, address, lines: facts.lines, value: total };
      const shipFrom = facts.promised?.shipFrom;
      const carrier = await providerOf('carrier', { ...order, ...facts });
      const answer = await carrier.generateLabel({ ...parcel, ...(shipFrom && { shipFrom }) });
      if (answer.outcome === 'undeliverable') {
        throw refuse('UndeliverableAddress', `No carrier delivers to the shipping address: ${answer.reason}.`);
      }
      if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP.name);

      const { reference: labelId, trackingNumber, document } = answer;
      const announced = { minor: toMinorNumber(total), currency: total.currency };
      const inventory = await providerOf('inventory', { ...order, ...facts });
      return {
        result: { labelId, trackingNumber },
        events: [
          { type: 'label.generated', data: { labelId, trackingNumber } },
          { type: 'checkout.completed', data: { total: announced } },
        ],
        values: [document?.format, document?.bytes],
        // The goods leave with the label.
        own: inventory.own?.commit,
      };
    }),

  voidLabel: (order) =>
    undoOnce(db, order, STEP.name, {
      call: async (key) => (await providerOf('carrier', order)).voidLabel({ key }),
      rows: async () => {
        // Cannot happen: the label's transaction completes the checkout, and nobody unwinds a completed one.
        throw new Error(`Checkout ${order.checkoutId} has its label and is being undone`);
      },
    }),
});
