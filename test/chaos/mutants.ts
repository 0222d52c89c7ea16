import { EXIT } from '../../src/cli/exit-codes';
import { countLine } from './count-line';
import { MUTANTS } from './mutants/mutant';
import { readOptions } from './mutants/options';
import type { MutantOptions } from './mutants/options';
import { tryMutant, tryUnmutated } from './mutants/trial';
import type { Trial } from './mutants/trial';
import { isGood, trialLines } from './mutants/trial-lines';
import { runProgram } from '../support/run-program';

/** Enough that each kind of fault strikes, and each end has its part. */
const SMOKE = 300;

/** `npm run chaos:mutants`: whether the chaos notices bugs that were planted, and finds nothing where there are none. */
async function main(interrupt: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const trials = await tryAll(options, interrupt);
  const ok = !interrupt.aborted && trials.every(isGood);
  const { seed } = options;
  process.stdout.write(options.json ? `${JSON.stringify({ ok, seed, trials })}\n` : trialLines(trials));
  return ok ? EXIT.asPromised : EXIT.notAsPromised;
}

/** One after the other: two at a time would be each other's fault. */
async function tryAll({ only, seed, unmutated }: MutantOptions, signal: AbortSignal): Promise<Trial[]> {
  const mutants = only.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => only.includes(name));
  const course = { seed, signal };
  const all = [
    ...(unmutated ? [{ name: 'unmutated', run: () => tryUnmutated(SMOKE, course) }] : []),
    ...mutants.map((mutant) => ({ name: mutant.name, run: () => tryMutant(mutant, course) })),
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
