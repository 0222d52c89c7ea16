import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../src/tools/terminal/arguments';
import { PHASE_NAMES } from './phases';
import { atLeastOne } from '../support/at-least-one';

export interface ChaosOptions {
  readonly orders: number;
  /** Of the calls to each provider; half of them fail before acting, half act and lose the answer. */
  readonly faultRate: number;
  readonly seed: number;
  /** API and worker as one process. */
  readonly oneProcess?: boolean;
  /** The service reaches Postgres by way of a transaction pooler. */
  readonly pooler?: boolean;
  /** Phases, by name; the others are left out. */
  readonly only?: readonly string[];
  readonly report?: string;
  /** Keeps nothing, not even of a run that went wrong. */
  readonly forget?: boolean;
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
    .option('--pooler', 'with a transaction pooler (PgBouncer) between the service and Postgres')
    .option('--only <phases>', `with commas, of: ${PHASE_NAMES.join(', ')}`, phases)
    .option('--forget', 'remove the data of a run that went wrong as well')
    .option('--report <file>', 'where to write the result as JSON')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<ChaosOptions>();

const phases = (text: string): string[] =>
  text.split(',').map((given) => {
    const name = PHASE_NAMES.find((each) => each === given.trim());
    if (name === undefined) throw new InvalidArgumentError(`There is no phase "${given.trim()}".`);
    return name;
  });

function share(text: string): number {
  if (!/^(0(\.\d+)?|1(\.0+)?)$/.test(text)) throw new InvalidArgumentError('A number from 0 to 1 is wanted.');
  return Number(text);
}
