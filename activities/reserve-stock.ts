import type { CheckoutActivities } from '../src/contract/activities';
import type { Database, Transaction } from '../src/postgres/database';
import { refuse } from './refuse';
import { once, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

const STEP = {
  name: 'stock-reserved',
  statement: stepStatement({
    provided: `not exists (
          select from order_lines line
            join stock using (sku)
           where line.checkout_id = $1
             and stock.available < line.quantity)`,
    rows: {
      // In SKU order, so that two carts with the same goods wait for each other and do not deadlock.
      locked: `select stock.sku, line.quantity
                 from mine
                 join order_lines line on line.checkout_id = mine.id
                 join stock using (sku)
                order by stock.sku
                  for no key update of stock`,
      // From the row as it is after that wait. If too little is left by then, the constraint undoes the statement.
      taken: `update stock
                 set available = available - locked.quantity, reserved = reserved + locked.quantity
                from locked
               where stock.sku = locked.sku
              returning stock.sku, locked.quantity`,
      reserved: `insert into stock_reservations (checkout_id, sku, quantity)
                 select mine.id, taken.sku, taken.quantity from mine, taken order by taken.sku`,
    },
  }),
} as const;

type Line = { sku: string; quantity: number };

export const stockActivities = (db: Database): Pick<CheckoutActivities, 'reserveStock' | 'releaseStock'> => ({
  reserveStock: (order) =>
    once(db, order, STEP, async ({ lines }, tx) => {
      if (tx) await refuseWhatIsMissing(tx, order.checkoutId);
      const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
      return { result: { units }, events: [{ type: 'stock.reserved', data: { lines } }] };
    }),

  async releaseStock(order) {
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP.name, async () => {
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

/** With the rows locked, so that what is there now is still there when it is taken. */
async function refuseWhatIsMissing(tx: Transaction, checkoutId: string): Promise<void> {
  const { rows } = await tx.query<{ sku: string; enough: boolean }>(
    `select stock.sku, stock.available >= line.quantity as enough
       from stock
       join order_lines line using (sku)
      where line.checkout_id = $1
      order by stock.sku
        for no key update of stock`,
    [checkoutId],
  );
  const missing = rows.filter(({ enough }) => !enough);
  if (missing.length > 0) throw refuse('OutOfStock', `Not enough in stock: ${missing.map((m) => m.sku).join(', ')}.`);
}
