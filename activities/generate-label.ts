import type { CheckoutActivities } from '../src/contract/activities';
import { toMinorNumber } from '../src/domain/money';
import type { Carrier } from '../src/ports/carrier';
import { providerKey } from '../src/ports/provider-key';
import type { Database, Transaction } from '../src/postgres/database';
import { endCompleted, startCompleting } from './checkout-row';
import { orderTotal } from './order-facts';
import { refuse } from './refuse';
import { alreadyUndone, once, recorded, undoOnce } from './step-ledger';

const STEP = 'label-generated';

type LabelActivities = Pick<CheckoutActivities, 'generateLabel' | 'voidLabel'>;

export const labelActivities = (db: Database, carrier: Carrier): LabelActivities => ({
  async generateLabel(order) {
    const { checkoutId } = order;
    const { stored, request } = await recorded<{ labelId: string; trackingNumber: string }>(db, order, STEP);
    if (stored) return stored;

    await startCompleting(db, order);
    const { shippingAddress: address } = request;
    const answer = await carrier.generateLabel({ key: providerKey(checkoutId, STEP), address, orderId: checkoutId });
    if (answer.outcome === 'undeliverable') {
      throw refuse('UndeliverableAddress', `No carrier delivers to the shipping address: ${answer.reason}.`);
    }
    if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP);

    const { labelId, trackingNumber } = answer;
    return db.transaction((tx) =>
      once(tx, order, STEP, (facts) => {
        const total = orderTotal(facts);
        const announced = { minor: toMinorNumber(total), currency: total.currency };
        const completed = { type: 'checkout.completed', data: { total: announced } } as const;
        return {
          result: { labelId, trackingNumber },
          events: [{ type: 'label.generated', data: { labelId, trackingNumber } }, completed],
          wrote: Promise.all([
            tx.query(`insert into shipping_labels (checkout_id, label_id, tracking_number) values ($1, $2, $3)`, [
              checkoutId,
              labelId,
              trackingNumber,
            ]),
            sellReserved(tx, checkoutId),
            endCompleted(tx, checkoutId),
          ]),
        };
      }),
    );
  },

  async voidLabel(order) {
    const { checkoutId } = order;
    if (!order.byHand) await carrier.voidLabel({ key: providerKey(checkoutId, STEP) });
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP, async () => {
        // Cannot happen: the label's transaction completes the checkout, and nobody unwinds a completed one.
        throw new Error(`Checkout ${checkoutId} has its label and is being undone`);
      }),
    );
  },
});

/** The goods leave with the label. */
async function sellReserved(tx: Transaction, checkoutId: string): Promise<void> {
  await tx.query(
    `with left_the_house as (
       update stock_reservations
          set state = 'sold'
        where checkout_id = $1
          and state = 'reserved'
       returning sku, quantity
     ), locked as (
       select stock.sku, left_the_house.quantity
         from stock
         join left_the_house using (sku)
        order by stock.sku
          for no key update of stock
     )
     update stock
        set reserved = reserved - locked.quantity, sold = sold + locked.quantity
       from locked
      where stock.sku = locked.sku`,
    [checkoutId],
  );
}
