import { setTimeout as rest } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { idIn } from '../support/running-stack';
import type { RunningStack } from '../support/running-stack';
import { planOrder } from './order-mix';
import type { PlannedOrder } from './order-mix';

const CLIENTS = 8;
/** Like a patient client: the same request with the same key until there is an answer. */
const RETRY_AFTER_MS = 200;

/** Places the planned orders over HTTP from several clients. */
export class Load {
  acknowledged = 0;
  #begun = 0;

  constructor(
    private readonly stack: RunningStack,
    private readonly plan: {
      readonly seed: number;
      readonly orders: number;
      readonly mayGoOn: (acknowledged: number) => boolean;
    },
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: CLIENTS }, () => this.#client(signal)));
  }

  async #client(signal: AbortSignal): Promise<void> {
    while (this.#begun < this.plan.orders) {
      const number = this.#begun;
      this.#begun += 1;
      await eventually(() => {
        signal.throwIfAborted();
        return this.plan.mayGoOn(this.acknowledged) || undefined;
      });
      await this.#place(planOrder(this.plan.seed, number), signal);
      this.acknowledged += 1;
    }
  }

  async #place({ key, tenant, request, cancel }: PlannedOrder, signal: AbortSignal): Promise<void> {
    const apiKey = `sk_sandbox_${tenant}`;
    for (;;) {
      signal.throwIfAborted();
      const answer = await this.stack.place(request, { key, apiKey }).catch(() => undefined);
      if (answer?.status === 202) {
        if (cancel) await this.#cancel(idIn(answer), apiKey);
        return;
      }
      if (answer && answer.status < 500) throw new Error(`${key}: ${answer.status} ${answer.body.toString()}`);
      await rest(RETRY_AFTER_MS);
    }
  }

  /** Too late is a valid answer. */
  async #cancel(id: string, apiKey: string): Promise<void> {
    const headers = { authorization: `Bearer ${apiKey}` };
    const { api } = this.stack.file;
    const response = await fetch(`${api}/v1/checkouts/${id}/cancel`, { method: 'POST', headers });
    await response.arrayBuffer();
  }
}
