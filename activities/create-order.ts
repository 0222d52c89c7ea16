import type { CheckoutActivities } from '../src/contract/activities';
import { add, format, LARGEST_MINOR, times, toMinorNumber } from '../src/domain/money';
import type { Money } from '../src/domain/money';
import type { CheckoutRequest } from '../src/domain/order';
import type { Database, Transaction } from '../src/postgres/database';
import { startRunning } from './checkout-row';
import { refuse } from './refuse';
import { once, undoOnce } from './step-ledger';

interface PricedLine {
  sku: string;
  quantity: number;
  unitMinor: bigint;
}

export const orderActivities = (db: Database): Pick<CheckoutActivities, 'createOrder' | 'cancelOrder'> => ({
  async createOrder(order) {
    return db.transaction((tx) =>
      once(tx, order, 'order-created', async ({ request }) => {
        const { checkoutId } = order;
        const [, lines] = await Promise.all([startRunning(tx, checkoutId), price(tx, request)]);
        const total = totalOf(lines, request);

        const amount = { minor: toMinorNumber(total), currency: total.currency };
        const announced = lines.map(({ sku, quantity }) => ({ sku, quantity }));
        return {
          result: { total: amount },
          events: [{ type: 'order.created', data: { total: amount, lines: announced } }],
          wrote: Promise.all([
            tx.query(`insert into orders (checkout_id, total_minor, currency) values ($1, $2, $3)`, [
              checkoutId,
              total.minor,
              total.currency,
            ]),
            tx.query(
              `insert into order_lines (checkout_id, sku, quantity, unit_minor)
               select $1, * from unnest($2::text[], $3::int[], $4::bigint[])`,
              [checkoutId, lines.map((l) => l.sku), lines.map((l) => l.quantity), lines.map((l) => l.unitMinor)],
            ),
          ]),
        };
      }),
    );
  },

  async cancelOrder(order) {
    await db.transaction((tx) =>
      undoOnce(tx, order, 'order-created', async () => {
        await tx.query(`update orders set cancelled_at = now() where checkout_id = $1`, [order.checkoutId]);
        return [{ type: 'order.cancelled', data: {} }];
      }),
    );
  },
});

/** The cart at today's prices, one line for each SKU, in SKU order. */
async function price(tx: Transaction, { items, currency }: CheckoutRequest): Promise<PricedLine[]> {
  const { rows } = await tx.query<PricedLine & { currency: string | null }>(
    `select item.sku, sum(item.quantity)::int as quantity, product.unit_minor as "unitMinor", product.currency
       from jsonb_to_recordset($1::jsonb) as item (sku text, quantity int)
       left join products product on product.sku = item.sku
      group by item.sku, product.unit_minor, product.currency
      order by item.sku`,
    [JSON.stringify(items)],
  );
  for (const { sku, currency: offered } of rows) {
    if (offered === null) throw refuse('UnknownSku', `There is no ${sku} in the catalog.`);
    if (offered !== currency) throw refuse('CurrencyNotOffered', `${sku} is sold in ${offered}, not in ${currency}.`);
  }
  return rows;
}

function totalOf(lines: readonly PricedLine[], { currency, expectedTotal }: CheckoutRequest): Money {
  const total = lines
    .map(({ unitMinor, quantity }) => times({ minor: unitMinor, currency }, quantity))
    .reduce(add, { minor: 0n, currency });
  if (total.minor > LARGEST_MINOR) throw refuse('AmountTooLarge', `The total is larger than ${LARGEST_MINOR}.`);
  if (expectedTotal !== undefined && BigInt(expectedTotal) !== total.minor) {
    throw refuse('PriceChanged', `The total is now ${format(total)}; look at it again and use a new Idempotency-Key.`);
  }
  return total;
}
