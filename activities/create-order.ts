import type { CheckoutActivities } from '../src/contract/activities';
import { add, format, LARGEST_MINOR, times, toMinorNumber } from '../src/domain/money';
import type { Money } from '../src/domain/money';
import type { CheckoutRequest } from '../src/domain/order';
import type { Database, Queryable } from '../src/postgres/database';
import { refuse } from './refuse';
import { once, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

interface PricedLine {
  sku: string;
  quantity: number;
  unitMinor: bigint;
}

const STEP = {
  name: 'order-created',
  statement: stepStatement({
    sets: `state = 'running', started_at = coalesce(started_at, now())`,
    rows: {
      ordered: `insert into orders (checkout_id, total_minor, currency)
                select id, (result -> 'total' ->> 'minor')::bigint, result -> 'total' ->> 'currency' from mine`,
      lines: `insert into order_lines (checkout_id, sku, quantity, unit_minor)
              select mine.id, line.* from mine, unnest($5::text[], $6::int[], $7::bigint[]) line`,
    },
  }),
} as const;

export const orderActivities = (db: Database): Pick<CheckoutActivities, 'createOrder' | 'cancelOrder'> => ({
  createOrder: (order) =>
    once(db, order, STEP, async ({ request, ended }, tx) => {
      if (ended) throw refuse('CheckoutExpired', 'The checkout waited too long to start; use a new Idempotency-Key.');
      const lines = await price(tx ?? db, request);
      const total = totalOf(lines, request);

      const amount = { minor: toMinorNumber(total), currency: total.currency };
      const announced = lines.map(({ sku, quantity }) => ({ sku, quantity }));
      return {
        result: { total: amount },
        events: [{ type: 'order.created', data: { total: amount, lines: announced } }],
        values: [lines.map((l) => l.sku), lines.map((l) => l.quantity), lines.map((l) => l.unitMinor)],
      };
    }),

  async cancelOrder(order) {
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP.name, async () => {
        await tx.query(`update orders set cancelled_at = now() where checkout_id = $1`, [order.checkoutId]);
        return [{ type: 'order.cancelled', data: {} }];
      }),
    );
  },
});

/** The cart at today's prices, one line for each SKU, in SKU order. */
async function price(db: Queryable, { items, currency }: CheckoutRequest): Promise<PricedLine[]> {
  const { rows } = await db.query<PricedLine & { currency: string | null }>(
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
