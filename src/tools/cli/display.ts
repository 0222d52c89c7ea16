import type { CheckoutSnapshot } from './checkout-snapshot';

/** How a watched checkout is shown. */
export interface Display {
  show(snapshot: CheckoutSnapshot): void;
  /** Prints a sentence about something else, such as an API that no longer answers. */
  notice(sentence: string): void;
  /** Leaves the last picture on the screen. */
  close(): void;
}
