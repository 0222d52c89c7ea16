import type { Money } from '../domain/money';
import type { Address } from '../domain/order';
import type { Parcel } from './warehouse';

/** One line for each SKU, in SKU order. */
export interface QuotedLine extends Parcel {
  /** Of one piece, in the currency's minor unit. */
  readonly unitMinor: bigint;
}

/** `total` is what the customer pays. `parts` in minor units: how it comes about, if there is more to it than the lines. */
export type QuoteAnswer =
  | {
      readonly outcome: 'quoted';
      readonly lines: readonly QuotedLine[];
      readonly total: Money;
      readonly parts?: Readonly<Record<'subtotal' | 'discount' | 'shipping' | 'tax', bigint>>;
    }
  | { readonly outcome: 'unknown-sku'; readonly sku: string }
  /** `offered` is the currency in which it is sold. */
  | { readonly outcome: 'other-currency'; readonly sku: string; readonly offered: string };

/**
 * Says what a cart costs. It changes nothing, so it may be asked again and answer otherwise: the answer that the first step stores is the
 * order's. Faults as in `PaymentGateway`.
 */
export interface Pricing {
  quote(request: {
    /** `<checkout id>:order-created`. */
    key: string;
    tenant: string;
    items: readonly { readonly sku: string; readonly quantity: number }[];
    currency: string;
    address: Address;
    shippingMethod?: string;
    discountCodes?: readonly string[];
  }): Promise<QuoteAnswer>;
}
