import type { Client } from '@temporalio/client';
import type { AcceptedCheckout } from './accept-checkout';
import { startWorkflow, wasStarted } from './start-workflow';
import type { WorkflowStarter } from './sweep-unstarted';

/** Beyond this Temporal is slow or away, and more requests would only make it slower: the sweep starts the rest. */
const MOST_AT_ONCE = 200;

export interface BackgroundStarter extends WorkflowStarter {
  /** Starts without being waited for. */
  readonly startSoon: (checkout: AcceptedCheckout) => void;
  /** Resolves when nothing is being started any more. */
  idle(): Promise<void>;
}

/** Starts checkouts through `call`, which bounds each call in time; `onFailure` hears of those that the sweep has to start. */
export function workflowStarter(
  call: <T>(work: (client: Client) => Promise<T>) => Promise<T>,
  onFailure: (checkoutId: string, error: unknown) => void,
): BackgroundStarter {
  const running = new Set<Promise<void>>();
  const start = (checkout: AcceptedCheckout) => call((client) => startWorkflow(client, checkout));
  return {
    start,
    wasStarted: (checkout) => call((client) => wasStarted(client, checkout)),
    startSoon(checkout) {
      if (running.size >= MOST_AT_ONCE) return;
      const starting = start(checkout)
        .catch((error: unknown) => onFailure(checkout.checkoutId, error))
        .finally(() => running.delete(starting));
      running.add(starting);
    },
    idle: async () => void (await Promise.all(running)),
  };
}
