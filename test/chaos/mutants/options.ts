import { Command } from 'commander';
import { wholeNumber } from '../../../src/tools/terminal/arguments';
import { namesOf } from '../../support/trials';
import { MUTANTS } from './mutant';

export interface MutantOptions {
  readonly only: readonly string[];
  readonly seed: number;
  readonly json?: boolean;
  readonly unmutated: boolean;
}

/** Any seed would do; a fixed one makes a mutant that survives easier to investigate. */
const SEED = 7;

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): MutantOptions =>
  new Command('chaos:mutants')
    .description('Plant each bug of test/chaos/mutants in a copy of the tree, and check that the chaos notices it.')
    .exitOverride()
    .option('--only <names>', 'only these, separated by commas', namesOf(MUTANTS), [])
    .option('--no-unmutated', 'leave out the unchanged tree, which has to pass')
    .option('--seed <number>', 'seed of orders, faults and their timing', wholeNumber, SEED)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<MutantOptions>();
