import { openArena } from './arena';
import type { Log } from './log';
import type { Options } from './options';
import { progressBar } from './progress-bar';
import { runRounds } from './rounds';
import { ACCEPTING } from './system';

const AT_ONCE = 40;

/**
 * How fast checkouts are accepted, compared with how fast Temporal accepts workflows. It runs its own stack with separate processes, whose
 * worker and relay are stopped: otherwise accepted checkouts would run on the same two cores. No worker runs Temporal's workflows either.
 */
export async function measureAccepting({ rounds, seconds }: Options, log: Log): Promise<void> {
  const arena = await openArena(ACCEPTING, log.say, { oneProcess: false });
  const { worker = 0, relay = 0 } = arena.stack.pids;
  const progress = progressBar(arena.contestants.size * rounds, log.keep);
  for (const pid of [worker, relay]) process.kill(pid, 'SIGSTOP');
  try {
    await runRounds(arena, { rounds, seconds, concurrencies: [AT_ONCE] }, progress.passed);
  } finally {
    for (const pid of [worker, relay]) process.kill(pid, 'SIGCONT');
    progress.lift();
    await arena.close();
  }
}
