import type { Transaction } from '../postgres/database';
import type { OwnRows } from './own-rows';
import type { Unseen } from './payment-gateway';

/** All lines are set aside, or none. */
export type ReservationAnswer =
  | { readonly outcome: 'reserved'; readonly reference: string }
  /** `skus`: of which there is too little. */
  | { readonly outcome: 'out-of-stock'; readonly skus: readonly string[] }
  | { readonly outcome: 'blocked' };

export interface Units {
  readonly sku: string;
  readonly quantity: number;
}

/** Sets goods aside. Keys, faults and `blocked` as in `PaymentGateway`, under `<checkout id>:stock-reserved`. */
export interface Inventory {
  reserve(request: { key: string; lines: readonly Units[] }): Promise<ReservationAnswer>;
  /** What has become of a reservation: asked after a lost answer. */
  find?(request: { key: string }): Promise<ReservationAnswer | Unseen>;
  /** Puts the goods back. A key not seen yet is refused from then on. Harmless when repeated. */
  release(request: { key: string }): Promise<void>;
  /** The goods have left with their label, and are never put back. Harmless when repeated. */
  commit(request: { key: string }): Promise<void>;
  /** Present if the stock is in our own database. The calls above then do nothing, and this decides. */
  readonly own?: OwnStock;
}

/** Stock in our own database: written by the transactions of steps 3 and 7, and by the undo of step 3. */
export interface OwnStock {
  readonly reserve: OwnRows;
  readonly commit: OwnRows;
  /** The SKUs of which there is too little. `tx` holds the order's lock, and from now on that of the stock. */
  missing(tx: Transaction, checkoutId: string): Promise<readonly string[]>;
  /** Puts back what the checkout still holds. */
  release(tx: Transaction, checkoutId: string): Promise<void>;
}
