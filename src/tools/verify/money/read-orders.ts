import type { Choices } from '../../../ports/providers';
import type { Queryable } from '../../../postgres/database';
import { pagesOf } from '../pages';
import type { OrderCost } from './money-judge';

interface Row {
  readonly checkoutId: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly providers: Choices | null;
  readonly labelledAt: number | null;
  readonly voidedByHand: boolean;
  readonly heldBack: boolean;
}

/** All orders, with what their lines cost. */
export async function* readOrders(db: Queryable): AsyncGenerator<OrderCost> {
  const rows = pagesOf<Row>(
    db,
    `select checkout_id as "checkoutId",
            currency,
            (select sum(quantity * unit_minor)::bigint from order_lines where checkout_id = orders.checkout_id) as minor,
            (select providers from checkouts where id = orders.checkout_id) as providers,
            (select extract(epoch from done_at)::float8 * 1000
               from step_ledger
              where checkout_id = orders.checkout_id and step = 'label-generated' and undone_at is null) as "labelledAt",
            exists (
              select
                from repairs
               where checkout_id = orders.checkout_id
                 and step = 'label-generated'
                 and kind = 'undo'
                 and action = 'resolve'
            ) as "voidedByHand",
            exists (
              select
                from attention
               where checkout_id = orders.checkout_id
                 and step = 'fulfillment-triggered'
                 and kind = 'fulfillment'
                 and cleared_at is null
            ) as "heldBack"
       from orders
      where checkout_id > $1
      order by checkout_id
      limit $2`,
  );
  for await (const { minor, currency, ...order } of rows) {
    yield { ...order, cost: { minor, currency } };
  }
}
