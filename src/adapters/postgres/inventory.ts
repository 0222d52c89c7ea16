import type { Inventory, OwnStock } from '../../ports/inventory';
import type { Transaction } from '../../postgres/database';

const own: OwnStock = {
  reserve: {
    provided: `not exists (
          select from order_lines line
            left join stock using (sku)
           where line.checkout_id = $1
             and coalesce(stock.available, 0) < line.quantity)`,
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
  },

  commit: {
    rows: {
      left_the_house: `update stock_reservations
                          set state = 'sold'
                         from mine
                        where checkout_id = mine.id
                          and state = 'reserved'
                       returning sku, quantity`,
      locked: `select stock.sku, left_the_house.quantity
                 from stock
                 join left_the_house using (sku)
                order by stock.sku
                  for no key update of stock`,
      sold: `update stock
                set reserved = reserved - locked.quantity, sold = sold + locked.quantity
               from locked
              where stock.sku = locked.sku`,
    },
  },

  // With the rows locked, so that what is there now is still there when it is taken. What was never counted is not there.
  async missing(tx: Transaction, checkoutId: string) {
    const { rows } = await tx.query<{ sku: string; enough: boolean }>(
      `with held as (
         select stock.sku, stock.available
           from stock
           join order_lines line using (sku)
          where line.checkout_id = $1
          order by stock.sku
            for no key update of stock
       )
       select sku, coalesce(held.available, 0) >= line.quantity as enough
         from order_lines line
         left join held using (sku)
        where line.checkout_id = $1
        order by sku`,
      [checkoutId],
    );
    return rows.filter(({ enough }) => !enough).map(({ sku }) => sku);
  },

  async release(tx: Transaction, checkoutId: string) {
    await tx.query(
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
        where stock.sku = locked.sku`,
      [checkoutId],
    );
  },
};

/** Stock in our own database, which the steps' transactions change. There is nobody to call. */
export const postgresInventory = (): Inventory => ({
  own,
  reserve: async ({ key }) => ({ outcome: 'reserved', reference: key }),
  release: async () => undefined,
  commit: async () => undefined,
});
