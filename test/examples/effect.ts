import type { Transaction } from '../../src/postgres/database';

export interface CheckoutCloudEvent {
  readonly id: string;
  readonly type: string;
  /** The checkout. */
  readonly subject: string;
  /** Its number within its checkout. */
  readonly sequence: string;
  readonly data: unknown;
}

/** What a consumer does about an event, in the transaction that also remembers that it did. */
export type Effect = (tx: Transaction, event: CheckoutCloudEvent) => Promise<void>;
