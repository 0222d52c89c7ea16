import type { Money } from '../src/domain/money';
import type { Queryable } from '../src/postgres/database';

/** What the order costs, as the server priced it in the first step. */
export async function orderTotal(db: Queryable, checkoutId: string): Promise<Money> {
  const { rows } = await db.query<{ minor: bigint; currency: string }>(
    `select total_minor as minor, currency from orders where checkout_id = $1`,
    [checkoutId],
  );
  const total = rows[0];
  if (!total) throw new Error(`Checkout ${checkoutId} has no order`);
  return total;
}
