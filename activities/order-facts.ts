import type { Money } from '../src/domain/money';
import type { Address, CheckoutRequest } from '../src/domain/order';
import type { Choices } from '../src/ports/providers';
import type { Parcel } from '../src/ports/warehouse';

/** What a step needs to know about its order. Read together with the step's ledger row. */
export interface OrderFacts {
  /** What the client asked for. It is read here, not passed through the workflow, because histories hold no personal data. */
  readonly request: CheckoutRequest;
  /** In SKU order; none before the first step. */
  readonly lines: readonly Parcel[];
  /** What the warehouse said besides; nothing before the fourth step. */
  readonly promised: { readonly deliveryPromise?: string; readonly shipFrom?: Address } | null;
  /** Where it began; null before the first step. */
  readonly providers: Choices | null;
  readonly totalMinor: bigint | null;
  readonly currency: string | null;
  /** An attempt of the step may have acted at its provider, and its answer is not known. */
  readonly uncertain: boolean;
}

/** Its columns, for `checkouts checkout left join orders`. */
export const ORDER_FACTS = `checkout.request, checkout.providers, orders.total_minor as "totalMinor", orders.currency,
            (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('sku', sku, 'quantity', quantity, 'name', name,
                      'weightGrams', weight_grams)) order by sku), '[]')
               from order_lines
              where order_lines.checkout_id = checkout.id) as lines,
            (select jsonb_strip_nulls(jsonb_build_object('deliveryPromise', delivery_promise, 'shipFrom', ship_from))
               from fulfillments
              where fulfillments.checkout_id = checkout.id) as promised`;

/** What the order costs, as the server priced it in the first step. */
export function orderTotal({ totalMinor, currency }: OrderFacts): Money {
  if (totalMinor === null || currency === null) throw new Error('A checkout without an order is past its first step');
  return { minor: totalMinor, currency };
}

/** What events say of an order's lines. */
export const announcedLines = (lines: readonly Parcel[]) => lines.map(({ sku, quantity }) => ({ sku, quantity }));
