import type { CheckoutActivities } from '../src/contract/activities';
import type { Database, Transaction } from '../src/postgres/database';
import type { OrderFacts } from './order-facts';
import { refuse } from './refuse';
import { once, undoOnce } from './step-ledger';

const STEP = 'stock-reserved';

type Line = { sku: string; quantity: number };

export const stockActivities = (db: Database): Pick<CheckoutActivities, 'reserveStock' | 'releaseStock'> => ({
  async reserveStock(order) {
    return db.transaction((tx) =>
      once(tx, order, STEP, async (facts) => {
        const lines = await takeAll(tx, order.checkoutId, facts);
        const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
        return { result: { units }, events: [{ type: 'stock.reserved', data: { lines } }] };
      }),
    );
  },

  async releaseStock(order) {
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP, async () => {
        const { rows: lines } = await tx.query<Line>(
          `with released as (
             update stock_reservations
                set state = 'released'
              where checkout_id = $1
                and state = 'reserved'
             returning sku, quantity
           ), locked as (
             select stock.sku, released.quantity
               from stock
               join released using (sku)
              order by stock.sku
                for no key update of stock
           )
           update stock
              set available = available + locked.quantity, reserved = reserved - locked.quantity
             from locked
            where stock.sku = locked.sku
           returning stock.sku, locked.quantity::int as quantity`,
          [order.checkoutId],
        );
        return [{ type: 'stock.released', data: { lines } }];
      }),
    );
  },
});

/**
 * Takes every line or, by throwing, none. Rows are locked in SKU order, so that two carts with the same goods wait for each other
 * instead of deadlocking; the condition is checked on the row as it is after that wait, so the last unit is sold once.
 */
async function takeAll(tx: Transaction, checkoutId: string, { lines }: OrderFacts): Promise<Line[]> {
  const { rows: taken } = await tx.query<Line>(
    `with locked as (
       select stock.sku, line.quantity
         from stock
         join order_lines line using (sku)
        where line.checkout_id = $1
        order by stock.sku
          for no key update of stock
     ), taken as (
       update stock
          set available = available - locked.quantity, reserved = reserved + locked.quantity
         from locked
        where stock.sku = locked.sku
          and stock.available >= locked.quantity
       returning stock.sku, locked.quantity
     )
     insert into stock_reservations (checkout_id, sku, quantity)
     select $1, sku, quantity from taken order by sku
     returning sku, quantity::int as quantity`,
    [checkoutId],
  );

  const missing = lines.filter((line) => !taken.some(({ sku }) => sku === line.sku));
  if (missing.length > 0) throw refuse('OutOfStock', `Not enough in stock: ${missing.map((m) => m.sku).join(', ')}.`);
  return taken;
}
