import { EXIT } from '../../src/cli/exit-codes';
import { countLine } from '../chaos/count-line';
import { runProgram } from '../support/run-program';
import { build, copyTree, removeTree } from '../support/tree-copy';
import { MUTANTS } from './mutant';
import type { Mutant } from './mutant';
import { readOptions } from './options';
import { tryMutant, tryUnmutated } from './trial';
import type { Trial } from './trial';
import { isGood, trialLines } from './trial-lines';

/** `npm run mutants`: whether the tests notice each fix that is taken away, and pass where none is. */
async function main(interrupt: AbortSignal): Promise<number> {
  const { only, json } = readOptions(process.argv.slice(2));
  const mutants = only.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => only.includes(name));
  const built = await copyTree();
  try {
    await build(built, interrupt);
    const trials = await tryAll(built, mutants, interrupt);
    const ok = !interrupt.aborted && trials.every(isGood);
    process.stdout.write(json ? `${JSON.stringify({ ok, trials })}\n` : trialLines(trials));
    return ok ? EXIT.asPromised : EXIT.notAsPromised;
  } finally {
    removeTree(built);
  }
}

/** One after the other: two at a time would be each other's fault. */
async function tryAll(built: string, mutants: readonly Mutant[], signal: AbortSignal): Promise<Trial[]> {
  const tests = [...new Set(mutants.map(({ caughtBy }) => caughtBy))];
  const all = [
    ...tests.map((test) => ({ name: test, run: () => tryUnmutated(built, test, signal) })),
    ...mutants.map((mutant) => ({ name: mutant.name, run: () => tryMutant(built, mutant, signal) })),
  ];
  const line = countLine(all.length);
  const trials: Trial[] = [];
  for (const { name, run } of all) {
    const last = trials.at(-1);
    line.show(trials.length, last ? `${last.name} ${last.verdict}, now ${name}` : name);
    const trial = await run().catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return undefined;
    });
    if (!trial) break;
    trials.push(trial);
  }
  line.show(trials.length, '');
  line.end();
  return trials;
}

runProgram(main);
