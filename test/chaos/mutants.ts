import { EXIT } from '../../src/tools/terminal/exit-codes';
import { MUTANTS } from './mutants/mutant';
import { readOptions } from './mutants/options';
import type { MutantOptions } from './mutants/options';
import { tryMutant, tryUnmutated } from './mutants/trial';
import { trialLines } from './mutants/trial-lines';
import { runProgram } from '../support/run-program';
import { chosen, isGood, tryAll } from '../support/trials';

/** Enough for every kind of fault to strike and every end to occur. */
const SMOKE = 300;

/** `npm run chaos:mutants`: checks that the chaos notices planted bugs, and finds nothing where there are none. */
async function main(interrupt: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const trials = await tryAll(trialsOf(options, interrupt), interrupt);
  const ok = !interrupt.aborted && trials.every(isGood);
  const { seed } = options;
  process.stdout.write(options.json ? `${JSON.stringify({ ok, seed, trials })}\n` : trialLines(trials));
  return ok ? EXIT.asPromised : EXIT.notAsPromised;
}

const trialsOf = ({ only, seed, unmutated }: MutantOptions, signal: AbortSignal) => [
  ...(unmutated ? [{ name: 'unmutated', run: () => tryUnmutated(SMOKE, { seed, signal }) }] : []),
  ...chosen(MUTANTS, only).map((mutant) => ({ name: mutant.name, run: () => tryMutant(mutant, { seed, signal }) })),
];

runProgram(main);
