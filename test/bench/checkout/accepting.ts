import { openArena } from './arena';
import type { Log } from './log';
import type { Options } from './options';
import { progressBar } from './progress-bar';
import { runRounds } from './rounds';
import { ACCEPTING } from './system';

const AT_ONCE = 40;

/**
 * How fast checkouts are taken in, beside how fast Temporal takes workflows in. Worker and relay of a stack of its own, with
 * processes apart, stand still, as nobody works on the others' workflows either: what is accepted would otherwise be carried out with the
 * same two cores.
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
