import { openArena } from './arena';
import type { Options } from './options';
import { progressBar, UNSHOWN } from './progress-bar';
import type { Result } from './result';
import { runRounds } from './rounds';

const AT_ONCE = 40;
/** So many looks at what the processes hold. */
const LOOKS = 10;

const nameAfter = (checkouts: number): string => `httpAfter${Math.round(checkouts)}`;

/** Ours under full load until `endured` checkouts are through: what its processes hold, after each tenth of them. */
export async function measureEndurance({ endured, seconds }: Options, say: (line: string) => void): Promise<Result[]> {
  const arena = await openArena(['http'], say);
  const progress = progressBar(LOOKS);
  const window = { rounds: 1, seconds, concurrencies: [AT_ONCE] };
  const looks: Result[] = [];
  try {
    for (let through = 0; looks.length < LOOKS;) {
      // One for the one system.
      const [result] = await runRounds(arena, window, UNSHOWN);
      if (!result) throw new Error('A round of one system has no result');
      through += result.perSecond * seconds;
      if (through < (endured / LOOKS) * (looks.length + 1)) continue;
      const look = { ...result, system: nameAfter(through) };
      looks.push(look);
      progress.passed(look);
    }
    return looks;
  } finally {
    progress.lift();
    await arena.close();
  }
}
