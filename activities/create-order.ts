import type { CheckoutActivities } from '../src/contract/activities';
import { format, LARGEST_MINOR, toMinorNumber } from '../src/domain/money';
import type { CheckoutRequest } from '../src/domain/order';
import type { QuoteAnswer } from '../src/ports/pricing';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { announcedLines } from './order-facts';
import { refuse } from './refuse';
import { once } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

const STEP = {
  name: 'order-created',
  statement: stepStatement({
    // From here on the order stays with its providers: an earlier attempt's choice counts, because a call may have been made by it.
    sets: `state = 'running', started_at = coalesce(started_at, now()), providers = coalesce(providers, $5::jsonb)`,
    rows: {
      ordered: `insert into orders (checkout_id, total_minor, currency)
                select id, (result -> 'total' ->> 'minor')::bigint, result -> 'total' ->> 'currency' from mine`,
      lines: `insert into order_lines (checkout_id, sku, quantity, unit_minor, name, weight_grams)
              select mine.id, line.* from mine, unnest($6::text[], $7::int[], $8::bigint[], $9::text[], $10::int[]) line`,
    },
  }),
} as const;

const COLUMNS = ['sku', 'quantity', 'unitMinor', 'name', 'weightGrams'] as const;

type OrderActivities = Pick<CheckoutActivities, 'createOrder' | 'cancelOrder'>;

export const orderActivities = ({ db, providerOf, choices }: ActivityPorts): OrderActivities => ({
  createOrder: (order) =>
    once(db, order, STEP, async ({ request, ...facts }) => {
      const { items, currency, shippingAddress: address } = request;
      const key = providerKey(order.checkoutId, STEP.name);
      const { tenant } = order;
      const providers = facts.providers ?? choices(tenant);
      const pricing = await providerOf('pricing', { ...order, providers });
      const quote = await pricing.quote({ key, tenant, items, currency, address });
      const { lines, total } = acceptable(quote, request);

      const amount = { minor: toMinorNumber(total), currency: total.currency };
      return {
        result: { total: amount },
        events: [{ type: 'order.created', data: { total: amount, lines: announcedLines(lines) } }],
        values: [JSON.stringify(providers), ...COLUMNS.map((column) => lines.map((line) => line[column] ?? null))],
      };
    }),

  cancelOrder: (order) =>
    undoOnce(db, order, STEP.name, {
      rows: async (tx) => {
        await tx.query(`update orders set cancelled_at = now() where checkout_id = $1`, [order.checkoutId]);
        return [{ type: 'order.cancelled', data: {} }];
      },
    }),
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
