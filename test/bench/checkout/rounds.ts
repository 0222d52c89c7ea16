import type { Arena } from './arena';
import { resultOf } from './result';
import type { Result } from './result';

/** Long enough to fill caches and compile code, even for the slowest system at a concurrency of one. */
const WARM_UP_MS = 4_000;
const MS = 1_000;

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly concurrencies: readonly number[];
}

/**
 * Measures all in turn, round by round, so that a machine that slows down affects all alike. Each turn begins with a warm-up. `passed` gets
 * each result immediately, so that it is kept if something fails later.
 */
export async function runRounds(arena: Arena, plan: Plan, passed: (result: Result) => void): Promise<void> {
  for (const concurrency of plan.concurrencies) {
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const contestant of arena.contestants.values()) {
        const load = { concurrency, warmUpMs: WARM_UP_MS, ms: plan.seconds * MS, pids: arena.pidsFor(contestant) };
        passed(resultOf(contestant.system, concurrency, await contestant.load(load)));
      }
    }
  }
}
