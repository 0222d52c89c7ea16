import type { AcceptedCheckout } from './accept-checkout';
import { cancelWorkflow, startWorkflow } from './start-workflow';
import type { Call, Workflows } from './workflows';

/** With more in flight, Temporal is slow or away and further requests would make it slower: the sweep starts the rest. */
const MOST_IN_FLIGHT = 200;

/** A worker in the same process. */
export interface WorkerNearby {
  /** Whether new checkouts go to its build. */
  isCurrent(): boolean;
  /** Calls over the worker's own connection; undefined unless that worker may take new checkouts now. */
  eagerCall(): Call | undefined;
}

type Starting = Workflows & { readonly eagerCall?: WorkerNearby['eagerCall'] };

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
    if (this.#running.size >= MOST_IN_FLIGHT) return;
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
}
