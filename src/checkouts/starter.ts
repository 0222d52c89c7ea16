import type { AcceptedCheckout } from './accept-checkout';

/** Beyond this Temporal is slow or away, and more requests would only make it slower: the sweep starts the rest. */
const MOST_AT_ONCE = 200;

/** Starts workflows in the background of a request; `onFailure` hears of those that the sweep has to start. */
export function backgroundStarter(
  startWorkflow: (checkout: AcceptedCheckout) => Promise<void>,
  onFailure: (checkoutId: string, error: unknown) => void,
): { start: (checkout: AcceptedCheckout) => void; idle: () => Promise<void> } {
  const running = new Set<Promise<void>>();
  return {
    start(checkout) {
      if (running.size >= MOST_AT_ONCE) return;
      const starting = startWorkflow(checkout)
        .catch((error: unknown) => onFailure(checkout.checkoutId, error))
        .finally(() => running.delete(starting));
      running.add(starting);
    },
    idle: async () => void (await Promise.all(running)),
  };
}
