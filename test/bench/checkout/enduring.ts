import { openArena } from './arena';
import { nameAfter } from './circumstances';
import type { Log } from './log';
import type { Options } from './options';
import { progressBar } from './progress-bar';
import { runRounds } from './rounds';

const AT_ONCE = 40;
/** How many times memory is sampled. */
const LOOKS = 10;

/** Ours under full load until `endured` checkouts are done: the memory of its processes after each tenth of them. */
export async function measureEndurance({ endured, seconds }: Options, log: Log): Promise<void> {
  const arena = await openArena(['http'], log.say);
  const progress = progressBar(LOOKS, log.keep);
  const window = { rounds: 1, seconds, concurrencies: [AT_ONCE] };
  let [through, looks] = [0, 0];
  try {
    while (looks < LOOKS) {
      await runRounds(arena, window, (result) => {
        through += result.perSecond * seconds;
        if (through < (endured / LOOKS) * (looks + 1)) return;
        looks += 1;
        progress.passed({ ...result, system: nameAfter(result.system, through) });
      });
    }
  } finally {
    progress.lift();
    await arena.close();
  }
}
