import { EXIT } from '../../src/tools/terminal/exit-codes';
import { runProgram } from '../support/run-program';
import { chosen, isGood, tryAll } from '../support/trials';
import { build, copyTree, removeTree } from '../support/tree-copy';
import { MUTANTS } from './mutant';
import type { Mutant } from './mutant';
import { readOptions } from './options';
import { tryMutant, tryUnmutated } from './trial';
import { trialLines } from './trial-lines';

/** `npm run mutants`: checks that the tests notice each fix that is removed, and pass when none is. */
async function main(interrupt: AbortSignal): Promise<number> {
  const { only, json } = readOptions(process.argv.slice(2));
  const mutants = chosen(MUTANTS, only);
  const built = await copyTree();
  try {
    await build(built, interrupt);
    const trials = await tryAll(trialsOf(built, mutants, interrupt), interrupt);
    const ok = !interrupt.aborted && trials.every(isGood);
    process.stdout.write(json ? `${JSON.stringify({ ok, trials })}\n` : trialLines(trials));
    return ok ? EXIT.asPromised : EXIT.notAsPromised;
  } finally {
    removeTree(built);
  }
}

const trialsOf = (built: string, mutants: readonly Mutant[], signal: AbortSignal) => [
  ...[...new Set(mutants.map(({ caughtBy }) => caughtBy))].map((test) => ({
    name: test,
    run: () => tryUnmutated(built, test, signal),
  })),
  ...mutants.map((mutant) => ({ name: mutant.name, run: () => tryMutant(built, mutant, signal) })),
];

runProgram(main);
