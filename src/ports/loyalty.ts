import type { Money } from '../domain/money';

/** `points` if the program counts them by its own rules: how many it was. */
export type AwardAnswer =
  | { readonly outcome: 'awarded'; readonly reference: string; readonly points?: number }
  | { readonly outcome: 'blocked' };

/** Awards points. Keys, faults and `blocked` as in `PaymentGateway`, under `<checkout id>:loyalty-awarded`. */
export interface Loyalty {
  /** `customerId` is the merchant's. `points` is one for each whole unit of the currency of `total`. */
  award(request: {
    key: string;
    orderId: string;
    customerId: string;
    points: number;
    total: Money;
  }): Promise<AwardAnswer>;
  /** Takes the points back. A key not seen yet is refused from then on. Harmless when repeated. */
  revoke(request: { key: string }): Promise<void>;
}
