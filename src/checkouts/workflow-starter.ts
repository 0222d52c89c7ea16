import type { Client } from '@temporalio/client';
import type { Logger } from '../runtime/logger';
import type { AcceptedCheckout } from './accept-checkout';
import { cancelWorkflow, startWorkflow, wasStarted } from './start-workflow';
import type { StartOptions } from './start-workflow';
import type { WorkflowStarter } from './sweep-unstarted';

/** Beyond this Temporal is slow or away, and more requests would only make it slower: the sweep starts the rest. */
const MOST_AT_ONCE = 200;

export interface BackgroundStarter extends WorkflowStarter {
  /** Starts without being waited for. */
  readonly startSoon: (checkout: AcceptedCheckout) => void;
  /** Has a running workflow notice at once that its customer has cancelled; its next step would notice too. */
  readonly cancelSoon: (checkout: Omit<AcceptedCheckout, 'request'>) => void;
  /** Resolves when nothing is being started any more. */
  idle(): Promise<void>;
}

type Call = <T>(work: (client: Client) => Promise<T>) => Promise<T>;
/** The way over the connection of a worker in this process, while new checkouts may go to that one and nobody waits for it. */
export type EagerCall = () => Call | undefined;

/** A worker in the same process. */
export interface WorkerNearby {
  /** Whether new checkouts come to it. */
  isCurrent(): boolean;
  readonly eagerCall: EagerCall;
}

interface Settings {
  readonly ATTENTION_AFTER: string;
  readonly FAST_LANE: 'on' | 'off';
}

/** What this installation has decided about its workflows. */
export const startOptionsOf = ({ ATTENTION_AFTER: attentionAfter, FAST_LANE }: Settings): StartOptions => ({
  ...(attentionAfter !== '' && { attentionAfter }),
  ...(FAST_LANE === 'on' && { fastLane: true }),
});

/** As a process of this installation starts checkouts. */
export const configuredStarter = (
  call: Call,
  settings: Settings,
  logger: Logger,
  eagerCall?: EagerCall,
): BackgroundStarter =>
  workflowStarter(
    call,
    (checkoutId, err) =>
      logger.warn({ err, checkoutId }, 'Temporal did not hear of it yet: the sweep or the next step will see to it'),
    startOptionsOf(settings),
    eagerCall,
  );

/** Starts checkouts through `call`, which bounds each call in time; `onFailure` hears of those that the sweep has to start. */
export function workflowStarter(
  call: Call,
  onFailure: (checkoutId: string, error: unknown) => void,
  options: StartOptions = {},
  eagerCall: EagerCall = () => undefined,
): BackgroundStarter {
  const running = new Set<Promise<void>>();
  const start = (checkout: AcceptedCheckout) => call((client) => startWorkflow(client, checkout, options));
  const startNear = async (checkout: AcceptedCheckout) => {
    const eager = eagerCall();
    if (!eager) return start(checkout);
    // Whatever it was: starting once more is harmless, and what is said of it then is what counts.
    await eager((client) => startWorkflow(client, checkout, { ...options, eagerly: true })).catch(() =>
      start(checkout),
    );
  };
  const soon = (checkoutId: string, work: () => Promise<void>): void => {
    if (running.size >= MOST_AT_ONCE) return;
    const working = work()
      .catch((error: unknown) => onFailure(checkoutId, error))
      .finally(() => running.delete(working));
    running.add(working);
  };
  return {
    // For the sweep: what is late goes to whichever worker has room.
    start,
    wasStarted: (checkout) => call((client) => wasStarted(client, checkout)),
    startSoon: (checkout) => soon(checkout.checkoutId, () => startNear(checkout)),
    cancelSoon: (checkout) => soon(checkout.checkoutId, () => call((client) => cancelWorkflow(client, checkout))),
    idle: async () => void (await Promise.all(running)),
  };
}
