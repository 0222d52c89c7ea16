import type { CheckoutSnapshot } from './checkout-snapshot';

/** What a watcher sees while a checkout moves. */
export interface Display {
  show(snapshot: CheckoutSnapshot): void;
  /** A sentence beside the checkout itself, such as that the API is away. */
  notice(sentence: string): void;
  /** Leaves the last picture standing. */
  close(): void;
}
