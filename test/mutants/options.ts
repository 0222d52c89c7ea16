import { Command } from 'commander';
import { namesOf } from '../support/trials';
import { MUTANTS } from './mutant';

export interface MutantOptions {
  readonly only: readonly string[];
  readonly json?: boolean;
}

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): MutantOptions =>
  new Command('mutants')
    .description('Remove each fix of test/mutants in a copy of the tree, and check that its test turns red.')
    .exitOverride()
    .option('--only <names>', 'only these, separated by commas', namesOf(MUTANTS), [])
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<MutantOptions>();
