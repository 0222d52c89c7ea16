import type { Money } from '../domain/money';
import type { Parcel } from './warehouse';

export type MailAnswer = { readonly outcome: 'sent'; readonly reference: string } | { readonly outcome: 'blocked' };

interface Letter {
  readonly key: string;
  /** The customer's address. */
  readonly to: string;
  readonly orderId: string;
}

/** Writes to the customer. Keys, faults and `blocked` as in `PaymentGateway`, under `<checkout id>:notification-sent`. */
export interface Mailer {
  sendConfirmation(
    request: Letter & {
      readonly name: string;
      readonly total: Money;
      readonly lines: readonly Parcel[];
      /** The day that the warehouse has promised, such as `2026-12-01`. */
      readonly deliveryPromise?: string;
    },
  ): Promise<MailAnswer>;
  /** Tells the customer that the order is cancelled, if the confirmation went out; otherwise refuses the key from then on. */
  sendCancellation(request: Letter): Promise<void>;
  /** `refund` is the caller's id of the refund. */
  sendRefundNotice(request: Letter & { readonly refund: string; readonly amount: Money }): Promise<MailAnswer>;
}
