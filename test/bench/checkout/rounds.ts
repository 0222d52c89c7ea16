import type { Arena } from './arena';
import type { ProgressBar } from './progress-bar';
import { resultOf } from './result';
import type { Result } from './result';

/** Long enough that caches are warm and compilers done, for the slowest at one at a time too. */
const WARM_UP_MS = 2_000;
const MS = 1_000;

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly concurrencies: readonly number[];
}

/** All in turn, round by round, so that a machine that drifts hurts all alike. Each is warmed up once more at each turn. */
export async function runRounds(arena: Arena, plan: Plan, progress: ProgressBar): Promise<Result[]> {
  const results: Result[] = [];
  for (const concurrency of plan.concurrencies) {
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const contestant of arena.contestants.values()) {
        const load = { concurrency, warmUpMs: WARM_UP_MS, ms: plan.seconds * MS, pids: arena.pidsFor(contestant) };
        const result = resultOf(contestant.system, concurrency, await contestant.load(load));
        results.push(result);
        progress.passed(result);
      }
    }
  }
  return results;
}
