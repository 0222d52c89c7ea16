import { eventually } from '../support/eventually';
import { Draws } from './draws';
import { FAULTS, strike } from './victim';
import type { Fault, Victim } from './victim';

/** No fault is planned during the last orders: every fault must meet orders under way. */
const LAST_FAULT_AT = 0.95;

interface Planned {
  readonly fault: Fault;
  /** It strikes once this many orders are acknowledged: a moment that a seed can repeat. */
  readonly after: number;
}

/** Kills and stops one relay, again and again, during the load. */
export class Tormentor {
  readonly done: Record<Fault, number> = { kill: 0, stop: 0 };
  readonly #plan: readonly Planned[];

  constructor(
    readonly victim: Victim,
    { seed, orders, times }: { seed: number; orders: number; times: number },
  ) {
    const draws = new Draws(seed, victim.name);
    const faults = draws.shuffle(FAULTS.flatMap((fault) => Array.from({ length: times }, () => fault)));
    const slot = (orders * LAST_FAULT_AT) / faults.length;
    this.#plan = faults.map((fault, at) => ({ fault, after: Math.floor((at + draws.next()) * slot) }));
  }

  /** How many faults should have happened by now but have not. The load waits for them: it must not end before they do. */
  owed(acknowledged: number): number {
    return this.#plan.filter(({ after }) => after <= acknowledged).length - this.done.kill - this.done.stop;
  }

  async run(acknowledged: () => number, signal: AbortSignal): Promise<void> {
    for (const { fault, after } of this.#plan) {
      await eventually(() => {
        signal.throwIfAborted();
        return acknowledged() >= after ? true : undefined;
      });
      await strike(this.victim, fault, signal);
      this.done[fault] += 1;
    }
  }
}
