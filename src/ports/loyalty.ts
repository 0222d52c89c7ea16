import type { Money } from '../domain/money';

export type AwardAnswer =
  | { readonly outcome: 'awarded'; readonly reference: string; readonly points: number }
  | { readonly outcome: 'blocked' };

/** Awards points. Keys, faults and `blocked` as in `PaymentGateway`, under `<checkout id>:loyalty-awarded`. */
export interface Loyalty {
  /** Awards what an order of this total is worth. `customerId` is the merchant's. */
  award(request: { key: string; orderId: string; customerId: string; total: Money }): Promise<AwardAnswer>;
  /** Takes the points back. A key not seen yet is refused from then on. Harmless when repeated. */
  revoke(request: { key: string }): Promise<void>;
}
