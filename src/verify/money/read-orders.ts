import type { Queryable } from '../../postgres/database';
import type { OrderCost } from './money-judge';

const PAGE = 5_000;

/** All orders, at what their lines cost. */
export async function* readOrders(db: Queryable): AsyncGenerator<OrderCost> {
  let after = '';
  for (;;) {
    const { rows } = await db.query<{ checkoutId: string; minor: bigint; currency: string; voidedByHand: boolean }>(
      `select checkout_id as "checkoutId",
              currency,
              (select sum(quantity * unit_minor)::bigint from order_lines where checkout_id = orders.checkout_id) as minor,
              exists (
                select
                  from repairs
                 where checkout_id = orders.checkout_id
                   and step = 'label-generated'
                   and kind = 'undo'
                   and action = 'resolve'
              ) as "voidedByHand"
         from orders
        where checkout_id > $1
        order by checkout_id
        limit $2`,
      [after, PAGE],
    );
    for (const { checkoutId, minor, currency, voidedByHand } of rows) {
      yield { checkoutId, cost: { minor, currency }, voidedByHand };
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.checkoutId;
  }
}
