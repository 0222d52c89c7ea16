import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../src/cli/arguments';
import { atLeastOne } from '../support/at-least-one';

export interface ChaosOptions {
  readonly orders: number;
  /** Of the calls to each provider; half of them fail before acting, half act and lose the answer. */
  readonly faultRate: number;
  readonly seed: number;
  /** API and worker as one process. */
  readonly oneProcess?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

const ORDERS = 5_000;
const FAULT_RATE = 0.1;
const SEEDS = 1_000_000;

/** Throws Commander's error for `--help` and for what is not understood. */
export const readOptions = (args: readonly string[]): ChaosOptions =>
  new Command('chaos')
    .description('Place orders while everything fails, then check from outside that every promise was kept.')
    .exitOverride()
    .option('--orders <number>', 'how many orders are placed', atLeastOne, ORDERS)
    .option('--fault-rate <share>', 'of calls to providers that fail, 0 to 1', share, FAULT_RATE)
    .option('--seed <number>', 'of orders, faults and moments (default: a new one)', wholeNumber, Date.now() % SEEDS)
    .option('--one-process', 'API and worker as one process')
    .option('--report <file>', 'where to write the result as JSON')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<ChaosOptions>();

function share(text: string): number {
  if (!/^(0(\.\d+)?|1(\.0+)?)$/.test(text)) throw new InvalidArgumentError('A number from 0 to 1 is wanted.');
  return Number(text);
}
