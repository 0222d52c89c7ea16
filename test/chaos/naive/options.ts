import { Command } from 'commander';
import { wholeNumber } from '../../../src/tools/terminal/arguments';
import { atLeastOne } from '../../support/at-least-one';

export interface NaiveOptions {
  readonly orders: number;
  readonly seed: number;
  readonly plot?: string;
  readonly json?: boolean;
}

const ORDERS = 300;
const SEED = 7;

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): NaiveOptions =>
  new Command('chaos:naive')
    .description(
      'Let ordinary checkouts and this one carry out the same orders while calls fail, and count how many end half done.',
    )
    .exitOverride()
    .option('--orders <number>', 'for each checkout, at each share of faults', atLeastOne, ORDERS)
    .option('--seed <number>', 'seed of the faults', wholeNumber, SEED)
    .option('--plot <file>', 'write the chart to this file, as SVG')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<NaiveOptions>();
