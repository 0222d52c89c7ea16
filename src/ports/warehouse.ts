import type { Address } from '../domain/order';
import type { Units } from './inventory';
import type { Unseen } from './payment-gateway';

/**
 * `triggered`: it packs. `accepted`: it will say later whether it does, by webhook; until then it counts as triggered. `deliveryPromise` is
 * a day (`2026-12-01`). `shipFrom` is for the carrier, if the warehouse has several houses.
 */
export type FulfillmentAnswer =
  | {
      readonly outcome: 'triggered' | 'accepted';
      readonly reference: string;
      readonly deliveryPromise?: string;
      readonly shipFrom?: Address;
    }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'blocked' };

/** One line of a parcel. `name` and `weightGrams`, which is that of one piece, if the catalog has them. */
export interface Parcel extends Units {
  readonly name?: string;
  readonly weightGrams?: number;
}

/** Packs goods. Keys, faults and `blocked` as in `PaymentGateway`, under `<checkout id>:fulfillment-triggered`. */
export interface Warehouse {
  trigger(request: {
    key: string;
    lines: readonly Parcel[];
    address: Address;
    phone?: string;
  }): Promise<FulfillmentAnswer>;
  /** What has become of a fulfillment: asked after a lost answer. */
  find?(request: { key: string }): Promise<FulfillmentAnswer | Unseen>;
  /** Puts the goods back. A key not seen yet is refused from then on. Harmless when repeated. */
  cancel(request: { key: string }): Promise<void>;
}
