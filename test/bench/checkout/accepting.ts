import { openArena } from './arena';
import type { Options } from './options';
import { progressBar } from './progress-bar';
import type { Result } from './result';
import { runRounds } from './rounds';
import { ACCEPTING } from './system';

const AT_ONCE = 40;

/**
 * How fast checkouts are taken in, beside how fast Temporal takes workflows in. Worker and relay of a stack of its own stand still, as
 * nobody works on the others' workflows either: what is accepted would otherwise be carried out with the same two cores.
 */
export async function measureAccepting({ rounds, seconds }: Options, say: (line: string) => void): Promise<Result[]> {
  const arena = await openArena(ACCEPTING, say);
  const { worker = 0, relay = 0 } = arena.stack.pids;
  const progress = progressBar(arena.contestants.size * rounds);
  for (const pid of [worker, relay]) process.kill(pid, 'SIGSTOP');
  try {
    return await runRounds(arena, { rounds, seconds, concurrencies: [AT_ONCE] }, progress);
  } finally {
    for (const pid of [worker, relay]) process.kill(pid, 'SIGCONT');
    progress.lift();
    await arena.close();
  }
}
