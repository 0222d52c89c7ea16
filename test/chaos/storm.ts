import { eventually } from '../support/eventually';
import { isOfProvider } from './faults/fail-providers';
import { isOfOperator } from './faults/repair-at-random';
import type { Injector } from './injector';

/** A part of the load, and what fails in it. */
export interface Phase {
  readonly name: string;
  /** It lasts until so many orders are through, and until its faults have struck. */
  readonly until: number;
  readonly injectors: readonly Injector[];
}

export interface StormPlan {
  readonly always: readonly Injector[];
  /** One after the other. */
  readonly phases: readonly Phase[];
  /** How often each kind has to strike. */
  readonly least: Readonly<Record<string, number>>;
}

/** So many strikes may be missing before the load has to wait. */
const BEARABLE = 1;

/** All faults of a run: some all the time, the others a phase each. */
export class Storm {
  /** Where it is. */
  phase = '';

  constructor(private readonly plan: StormPlan) {}

  /** How often each kind has struck. */
  get struck(): Readonly<Record<string, number>> {
    const { always, phases } = this.plan;
    const injectors = [...always, ...phases.flatMap((phase) => phase.injectors)];
    return Object.fromEntries(injectors.flatMap(({ struck }) => Object.entries(struck)));
  }

  /** The kinds that have struck too seldom for the run to show anything. */
  get lacking(): string[] {
    const { struck } = this;
    return Object.entries(this.plan.least)
      .filter(([kind, least]) => (struck[kind] ?? 0) < least)
      .map(([kind, least]) => `${kind}: ${struck[kind] ?? 0} times instead of ${least}`);
  }

  /** False while the faults of this moment are behind: the load must not be over before they are. */
  mayGoOn(through: number): boolean {
    let from = 0;
    for (const { until, injectors } of this.plan.phases) {
      if (this.#owed(injectors, (through - from) / (until - from)) > BEARABLE) return false;
      if (through < until) break;
      from = until;
    }
    return this.#owed(this.plan.always, through / this.#end) <= BEARABLE;
  }

  /** Phase by phase, until the last one is over. `through` tells how many orders are. */
  async rage(through: () => number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
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

  /** How often some kind should have struck, and has not, at this part of the way. */
  #owed(injectors: readonly Injector[], progress: number): number {
    const due = Math.min(1, Math.max(0, progress));
    const missing = injectors.flatMap(({ struck }) =>
      Object.entries(struck).map(([kind, times]) => Math.floor(due * this.#waitedFor(kind)) - times),
    );
    return Math.max(0, ...missing);
  }

  /** At a provider chance decides, and so it does what operators get to see: nobody can wait for that. */
  #waitedFor(kind: string): number {
    return isOfProvider(kind) || isOfOperator(kind) ? 0 : (this.plan.least[kind] ?? 0);
  }
}
