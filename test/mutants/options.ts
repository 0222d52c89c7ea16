import { Command } from 'commander';
import { namesOf } from '../support/trials';
import { MUTANTS } from './mutant';

export interface MutantOptions {
  readonly only: readonly string[];
  readonly json?: boolean;
}

/** Throws Commander's error for `--help` and for what is not understood. */
export const readOptions = (args: readonly string[]): MutantOptions =>
  new Command('mutants')
    .description('Take each fix of test/mutants away in a copy of the tree, and see whether its test turns red.')
    .exitOverride()
    .option('--only <names>', 'some of them, separated by commas', namesOf(MUTANTS), [])
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<MutantOptions>();
