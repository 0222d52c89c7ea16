import { setTimeout as rest } from 'node:timers/promises';
import { aKey, aRequest } from '../support/builders';
import type { RunningStack } from '../support/running-stack';

const MS_IN_A_SECOND = 1_000;
/** Enough that two cores have no rest. */
const AT_ONCE = 40;
const PREFER_OUTCOME = { prefer: 'wait=30' };
const COMPLETED = 201;
const ACCEPTED = 202;

/** Completed checkouts a second, where as many are under way as two cores can keep busy. */
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
  if (completed === 0)
    throw new Error(`Nothing was completed in ${seconds} s, so there is no half of it: measure for longer`);
  return completed / seconds;
}

/** Orders at a steady rate, whether or not the last ones have been answered: a service that falls behind is not spared. */
export class SteadyLoad {
  acknowledged = 0;
  /** What was answered otherwise, or not. */
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
