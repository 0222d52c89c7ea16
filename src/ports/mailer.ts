export type MailAnswer = { readonly outcome: 'sent'; readonly messageId: string } | { readonly outcome: 'blocked' };

/** Writes to the customer. Keys and `blocked` as in `PaymentGateway`, under `<checkout id>:notification-sent`. */
export interface Mailer {
  sendConfirmation(request: { key: string; to: string; orderId: string; total: string }): Promise<MailAnswer>;
  /** Tells the customer that the order is cancelled, if the confirmation went out; otherwise refuses the key from then on. */
  sendCancellation(request: { key: string; to: string; orderId: string }): Promise<void>;
}
