import type { Arena } from './arena';
import { resultOf } from './result';
import type { Result } from './result';

/** Long enough that caches are warm and compilers done, for the slowest at one at a time too. */
const WARM_UP_MS = 4_000;
const MS = 1_000;

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly concurrencies: readonly number[];
}

/**
 * All in turn, round by round, so that a machine that drifts hurts all alike. Each is warmed up once more at each turn. `passed` hears of
 * each result at once: whatever fails later, it is kept.
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
