import type { AcceptedCheckout } from './accept-checkout';
import { cancelWorkflow, startWorkflow } from './start-workflow';
import type { Call, Workflows } from './workflows';

/** With more in flight, Temporal is slow or away and further requests would make it slower: the sweep starts the rest. */
const MOST_AT_ONCE = 200;

<<<<<<< HEAD
export interface BackgroundStarter extends WorkflowStarter {
  /** Starts in the background. */
  readonly startSoon: (checkout: AcceptedCheckout) => void;
  /** Tells a running workflow in the background that its customer has cancelled; its next step would notice too. */
  readonly cancelSoon: (checkout: Omit<AcceptedCheckout, 'request'>) => void;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
}

type Call = <T>(work: (client: Client) => Promise<T>) => Promise<T>;
/** Calls over the connection of a worker in this process; undefined unless that worker may take new checkouts now. */
export type EagerCall = () => Call | undefined;

=======
>>>>>>> 287a89e (Hand a capability from bin to its route in one declaration)
/** A worker in the same process. */
export interface WorkerNearby {
  /** Whether new checkouts go to its build. */
  isCurrent(): boolean;
  /** Calls over the worker's own connection; undefined unless that worker may take new checkouts now. */
  eagerCall(): Call | undefined;
}

type Starting = Workflows & { readonly eagerCall?: WorkerNearby['eagerCall'] };

<<<<<<< HEAD
/** How this installation starts its workflows. */
export const startOptionsOf = ({ ATTENTION_AFTER: attentionAfter, FAST_LANE }: Settings): StartOptions => ({
  ...(attentionAfter !== '' && { attentionAfter }),
  ...(FAST_LANE === 'on' && { fastLane: true }),
});

/** A starter with this installation's settings. */
export const configuredStarter = (
  call: Call,
  settings: Settings,
  logger: Logger,
  eagerCall?: EagerCall,
): BackgroundStarter =>
  workflowStarter(
    call,
    (checkoutId, err) =>
      logger.warn({ err, checkoutId }, 'could not start or cancel a workflow; the sweep or the next step will'),
    startOptionsOf(settings),
    eagerCall,
  );

/** Starts checkouts through `call`, which has a time limit for each call; `onFailure` gets those that the sweep has to start. */
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
    // Whatever went wrong: a second start is harmless, and only its failure counts.
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
    // For the sweep: a late start goes to whichever worker has room.
    start,
    wasStarted: (checkout) => call((client) => wasStarted(client, checkout)),
    startSoon: (checkout) => soon(checkout.checkoutId, () => startNear(checkout)),
    cancelSoon: (checkout) => soon(checkout.checkoutId, () => call((client) => cancelWorkflow(client, checkout))),
    idle: async () => void (await Promise.all(running)),
  };
=======
/** Starts and cancels workflows in the background. `onFailure` gets what the sweep or the next step has to make up for. */
export class WorkflowStarter {
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly workflows: Starting,
    private readonly onFailure: (checkoutId: string, error: unknown) => void,
  ) {}

  startSoon(checkout: AcceptedCheckout): void {
    this.#soon(checkout.checkoutId, () => this.#start(checkout));
  }

  /** Tells a running workflow that its customer has cancelled; its next step would notice too. */
  cancelSoon(checkout: Omit<AcceptedCheckout, 'request'>): void {
    this.#soon(checkout.checkoutId, () => this.workflows.call((client) => cancelWorkflow(client, checkout)));
  }

  /** Resolves when nothing is in flight. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #soon(checkoutId: string, work: () => Promise<void>): void {
    if (this.#running.size >= MOST_AT_ONCE) return;
    const working = work()
      .catch((error: unknown) => this.onFailure(checkoutId, error))
      .finally(() => this.#running.delete(working));
    this.#running.add(working);
  }

  async #start(checkout: AcceptedCheckout): Promise<void> {
    const { call, startOptions, eagerCall } = this.workflows;
    const plainly = () => call((client) => startWorkflow(client, checkout, startOptions));
    const eager = eagerCall?.();
    if (!eager) return plainly();
    // Whatever went wrong: a second start is harmless, and only its failure counts.
    await eager((client) => startWorkflow(client, checkout, { ...startOptions, eagerly: true })).catch(plainly);
  }
>>>>>>> 287a89e (Hand a capability from bin to its route in one declaration)
}
