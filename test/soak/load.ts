import { setTimeout as rest } from 'node:timers/promises';
import { aKey, aRequest } from '../support/builders';
import type { RunningStack } from '../support/running-stack';

const MS_IN_A_SECOND = 1_000;
/** Enough to keep two cores busy. */
const AT_ONCE = 40;
const PREFER_OUTCOME = { prefer: 'wait=30' };
const COMPLETED = 201;
const ACCEPTED = 202;

/** Completed checkouts per second, with enough under way to keep two cores busy. */
export async function capacityOf(stack: RunningStack, seconds: number, signal: AbortSignal): Promise<number> {
  const until = performance.now() + seconds * MS_IN_A_SECOND;
  let completed = 0;
  const customer = async () => {
    while (performance.now() < until && !signal.aborted) {
      const { status } = await stack.place(aRequest(), { headers: PREFER_OUTCOME });
      if (status === COMPLETED && performance.now() < until) completed += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, customer));
  if (completed === 0) throw new Error(`No checkout completed in ${seconds} s: measure for longer`);
  return completed / seconds;
}

/** Orders at a steady rate, whether or not earlier ones have been answered: a service that falls behind gets no relief. */
export class SteadyLoad {
  acknowledged = 0;
  /** Other answers than an acceptance, and errors. */
  readonly failures: string[] = [];

  constructor(
    private readonly stack: RunningStack,
    private readonly perSecond: number,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const underWay = new Set<Promise<void>>();
    for (let placed = 0; !signal.aborted; placed += 1) {
      const dueAt = startedAt + (placed / this.perSecond) * MS_IN_A_SECOND;
      await rest(Math.max(0, dueAt - performance.now()), undefined, { signal }).catch(() => undefined);
      const order = this.#place().finally(() => underWay.delete(order));
      underWay.add(order);
    }
    await Promise.all(underWay);
  }

  async #place(): Promise<void> {
    const answer = await this.stack.place(aRequest(), { key: aKey() }).catch((error: unknown) => String(error));
    if (typeof answer !== 'string' && answer.status === ACCEPTED) this.acknowledged += 1;
    else this.failures.push(typeof answer === 'string' ? answer : `${answer.status} ${answer.body.toString()}`);
  }
}
