import type { Address } from '../domain/order';

export type LabelAnswer =
  | { readonly outcome: 'generated'; readonly labelId: string; readonly trackingNumber: string }
  | { readonly outcome: 'undeliverable'; readonly reason: string }
  | { readonly outcome: 'blocked' };

/** Ships parcels. Keys and `blocked` as in `PaymentGateway`, under `<checkout id>:label-generated`. */
export interface Carrier {
  generateLabel(request: { key: string; address: Address; orderId: string }): Promise<LabelAnswer>;
  /** A key not seen yet is refused from then on. Harmless when repeated. */
  voidLabel(request: { key: string }): Promise<void>;
}
