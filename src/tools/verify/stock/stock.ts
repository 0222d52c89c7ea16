import type { Scene } from '../scene';
import type { Verdict } from '../verdict';
import { checkStock } from './check-stock';
import type { StockRow } from './check-stock';

/** P6, on a live system. A single statement sees a single moment. */
export async function stock({ db }: Scene): Promise<Verdict> {
  const { rows } = await db.query<StockRow>(
    `with reservations as (
       select sku,
              sum(quantity) filter (where state = 'reserved') as reserved,
              sum(quantity) filter (where state = 'sold') as sold
         from stock_reservations
        group by sku
     ), completed as (
       select line.sku, sum(line.quantity) as quantity
         from order_lines line
         join checkouts checkout on checkout.id = line.checkout_id
        where checkout.state = 'completed'
          and coalesce(split_part(checkout.providers ->> 'inventory', ' ', 1), 'postgres') = 'postgres'
        group by line.sku
     )
     select stock.*,
            coalesce(reservations.reserved, 0)::bigint as "reservedByOrders",
            coalesce(reservations.sold, 0)::bigint as "soldByOrders",
            coalesce(completed.quantity, 0)::bigint as completed
       from stock
       left join reservations using (sku)
       left join completed using (sku)
      order by sku`,
  );
  const { rows: constraints } = await db.query<{ name: string }>(
    `select conname::text as name from pg_constraint where conrelid = 'stock'::regclass and contype = 'c' and convalidated`,
  );
  return checkStock({ rows, constraints: constraints.map(({ name }) => name) });
}
