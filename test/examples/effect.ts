import type { Transaction } from '../../src/postgres/database';

export interface CheckoutCloudEvent {
  readonly id: string;
  readonly type: string;
  /** The checkout's id. */
  readonly subject: string;
  /** The event's number within its checkout. */
  readonly sequence: string;
  readonly data: unknown;
}

/** What a consumer does about an event, in the transaction that also records that it did. */
export type Effect = (tx: Transaction, event: CheckoutCloudEvent) => Promise<void>;
