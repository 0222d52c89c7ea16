import type { CheckoutActivities } from '../src/contract/activities';
import { format, LARGEST_MINOR, toMinorNumber } from '../src/domain/money';
import type { CheckoutRequest } from '../src/domain/order';
import type { QuoteAnswer } from '../src/ports/pricing';
import { providerKey } from '../src/ports/provider-key';
import type { ProviderOf } from '../src/ports/providers';
import type { Database } from '../src/postgres/database';
import { announcedLines } from './order-facts';
import { refuse } from './refuse';
import { once, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

const STEP = {
  name: 'order-created',
  statement: stepStatement({
    sets: `state = 'running', started_at = coalesce(started_at, now())`,
    rows: {
      ordered: `insert into orders (checkout_id, total_minor, currency)
                select id, (result -> 'total' ->> 'minor')::bigint, result -> 'total' ->> 'currency' from mine`,
      lines: `insert into order_lines (checkout_id, sku, quantity, unit_minor, name, weight_grams)
              select mine.id, line.* from mine, unnest($5::text[], $6::int[], $7::bigint[], $8::text[], $9::int[]) line`,
    },
  }),
} as const;

const COLUMNS = ['sku', 'quantity', 'unitMinor', 'name', 'weightGrams'] as const;

type OrderActivities = Pick<CheckoutActivities, 'createOrder' | 'cancelOrder'>;

export const orderActivities = (db: Database, providerOf: ProviderOf): OrderActivities => ({
  createOrder: (order) =>
    once(db, order, STEP, async ({ request }) => {
      const { items, currency, shippingAddress: address } = request;
      const key = providerKey(order.checkoutId, STEP.name);
      const { tenant } = order;
      const quote = await providerOf('pricing', order).quote({ key, tenant, items, currency, address });
      const { lines, total } = acceptable(quote, request);

      const amount = { minor: toMinorNumber(total), currency: total.currency };
      return {
        result: { total: amount },
        events: [{ type: 'order.created', data: { total: amount, lines: announcedLines(lines) } }],
        values: COLUMNS.map((column) => lines.map((line) => line[column] ?? null)),
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

/** The quote, if it is one and the customer may be asked for its total. */
function acceptable(quote: QuoteAnswer, { currency, expectedTotal }: CheckoutRequest) {
  if (quote.outcome === 'unknown-sku') throw refuse('UnknownSku', `There is no ${quote.sku} in the catalog.`);
  if (quote.outcome === 'other-currency')
    throw refuse('CurrencyNotOffered', `${quote.sku} is sold in ${quote.offered}, not in ${currency}.`);
  const { total } = quote;
  if (total.minor > LARGEST_MINOR) throw refuse('AmountTooLarge', `The total is larger than ${LARGEST_MINOR}.`);
  if (expectedTotal !== undefined && BigInt(expectedTotal) !== total.minor) {
    throw refuse('PriceChanged', `The total is now ${format(total)}; look at it again and use a new Idempotency-Key.`);
  }
  return quote;
}
