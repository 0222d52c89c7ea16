import type { Address } from '../domain/order';

export type FulfillmentAnswer =
  | { readonly outcome: 'triggered'; readonly fulfillmentId: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'blocked' };

/** Packs goods. Keys and `blocked` as in `PaymentGateway`, under `<checkout id>:fulfillment-triggered`. */
export interface Warehouse {
  trigger(request: {
    key: string;
    lines: readonly { sku: string; quantity: number }[];
    address: Address;
  }): Promise<FulfillmentAnswer>;
  /** Puts the goods back. A key not seen yet is refused from then on. Harmless when repeated. */
  cancel(request: { key: string }): Promise<void>;
}
