import { setMaxListeners } from 'node:events';
import { eventually } from '../support/eventually';
import { isOfProvider } from './faults/fail-providers';
import { isOfOperator } from './faults/repair-at-random';
import type { Injector } from './injector';
import { isOfCustomer } from './payers';

/** A part of the load, and what fails in it. */
export interface Phase {
  readonly name: string;
  /** The phase lasts until this many orders are through and its faults have struck. */
  readonly until: number;
  readonly injectors: readonly Injector[];
}

export interface StormPlan {
  readonly always: readonly Injector[];
  /** In turn. */
  readonly phases: readonly Phase[];
  /** How often each kind must strike. */
  readonly least: Readonly<Record<string, number>>;
}

/** The load waits when more strikes than this are missing. */
const BEARABLE = 1;

/** All faults of a run: some all the time, the others in phases. */
export class Storm {
  /** The current phase. */
  phase = '';

  constructor(private readonly plan: StormPlan) {}

  /** How often each kind has struck. */
  get struck(): Readonly<Record<string, number>> {
    const { always, phases } = this.plan;
    const injectors = [...always, ...phases.flatMap((phase) => phase.injectors)];
    return Object.fromEntries(injectors.flatMap(({ struck }) => Object.entries(struck)));
  }

  /** The kinds that have struck too rarely for the run to prove anything. */
  get lacking(): string[] {
    const { struck } = this;
    return Object.entries(this.plan.least)
      .filter(([kind, least]) => (struck[kind] ?? 0) < least)
      .map(([kind, least]) => `${kind}: ${struck[kind] ?? 0} times instead of ${least}`);
  }

  /** False while the current faults are behind: the load must not end before them. */
  mayGoOn(through: number): boolean {
    let from = 0;
    for (const { until, injectors } of this.plan.phases) {
      if (this.#owed(injectors, (through - from) / (until - from)) > BEARABLE) return false;
      if (through < until) break;
      from = until;
    }
    return this.#owed(this.plan.always, through / this.#end) <= BEARABLE;
  }

  /** Runs phase by phase until the last one is over. `through` returns how many orders are. */
  async rage(through: () => number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    // Every injector listens.
    setMaxListeners(0, until);
    const always = this.plan.always.map((injector) => injector.run(until));
    await Promise.all([this.#phaseByPhase(through, until).finally(() => over.abort()), ...always]);
    this.phase = 'calm';
  }

  async #phaseByPhase(through: () => number, signal: AbortSignal): Promise<void> {
    for (const { name, until, injectors } of this.plan.phases) {
      this.phase = name;
      const over = new AbortController();
      const running = injectors.map((injector) => injector.run(AbortSignal.any([signal, over.signal])));
      const isOver = () =>
        through() >= until && this.#owed(injectors, 1) + this.#owed(this.plan.always, until / this.#end) === 0;
      // An injector that fails ends the run.
      await Promise.race([eventually(() => signal.aborted || isOver() || undefined), ...running]);
      over.abort();
      await Promise.all(running);
    }
  }

  get #end(): number {
    return this.plan.phases.at(-1)?.until ?? 0;
  }

  /** How many strikes of the worst kind are missing at this point. */
  #owed(injectors: readonly Injector[], progress: number): number {
    const due = Math.min(1, Math.max(0, progress));
    const missing = injectors.flatMap(({ struck }) =>
      Object.entries(struck).map(([kind, times]) => Math.floor(due * this.#waitedFor(kind)) - times),
    );
    return Math.max(0, ...missing);
  }

  /** Provider faults, and what operators and customers get to see, are random: the load cannot wait for them. */
  #waitedFor(kind: string): number {
    return isOfProvider(kind) || isOfOperator(kind) || isOfCustomer(kind) ? 0 : (this.plan.least[kind] ?? 0);
  }
}
