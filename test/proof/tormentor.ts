import { eventually } from '../support/eventually';
import { Draws } from './draws';
import { FAULTS, strike } from './victim';
import type { Fault, Victim } from './victim';

/** No fault in the last orders: what is under way then has to meet some. */
const LAST_FAULT_AT = 0.95;

interface Planned {
  readonly fault: Fault;
  /** As soon as so many orders are acknowledged: a moment that a seed can repeat. */
  readonly after: number;
}

/** Kills and stops one relay, again and again, at moments of the load. */
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

  /** Faults that should have happened by now. The load waits for them: it must not be over before they are. */
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
