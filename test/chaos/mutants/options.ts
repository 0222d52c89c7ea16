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

/** Any would do; the same one each time makes a mutant that survives easier to look into. */
const SEED = 7;

/** Throws Commander's error for `--help` and for what is not understood. */
export const readOptions = (args: readonly string[]): MutantOptions =>
  new Command('chaos:mutants')
    .description('Plant each bug of test/chaos/mutants in a copy of the tree, and see who notices it.')
    .exitOverride()
    .option('--only <names>', 'some of them, separated by commas', namesOf(MUTANTS), [])
    .option('--no-unmutated', 'leave out the tree as it is, which has to pass')
    .option('--seed <number>', 'of orders, faults and moments', wholeNumber, SEED)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<MutantOptions>();
