import type { Money } from '../domain/money';
import type { Address } from '../domain/order';
import type { Unseen } from './payment-gateway';
import type { Parcel } from './warehouse';

/** `document` is the label itself, if the carrier hands it out with its answer. */
export type LabelAnswer =
  | {
      readonly outcome: 'generated';
      readonly reference: string;
      readonly trackingNumber: string;
      readonly document?: LabelDocument;
    }
  | { readonly outcome: 'undeliverable'; readonly reason: string }
  | { readonly outcome: 'blocked' };

export interface LabelDocument {
  readonly format: 'pdf' | 'png' | 'zpl';
  readonly bytes: Uint8Array;
}

/** Ships parcels. Keys, faults and `blocked` as in `PaymentGateway`, under `<checkout id>:label-generated`. */
export interface Carrier {
  generateLabel(request: {
    key: string;
    orderId: string;
    address: Address;
    /** If the warehouse named it. Otherwise the adapter's own setting. */
    shipFrom?: Address;
    phone?: string;
    lines: readonly Parcel[];
    /** Of the goods, for customs: what the order costs. */
    value: Money;
  }): Promise<LabelAnswer>;
  /** What has become of a label: asked after a lost answer. */
  find?(request: { key: string }): Promise<LabelAnswer | Unseen>;
  /** A key not seen yet is refused from then on. Harmless when repeated. */
  voidLabel(request: { key: string }): Promise<void>;
}
