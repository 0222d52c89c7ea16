import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../../src/tools/terminal/arguments';
import { PHASE_NAMES } from './phases';
import { atLeastOne } from '../support/at-least-one';

export interface ChaosOptions {
  readonly orders: number;
  /** The share of calls to each provider that fail: half of them before acting, half after, with a lost answer. */
  readonly faultRate: number;
  readonly seed: number;
  /** API and worker as one process. */
  readonly oneProcess?: boolean;
  /** The service reaches Postgres through a transaction pooler. */
  readonly pooler?: boolean;
  /** The service calls the providers through `http` adapters, with signatures. */
  readonly http?: boolean;
  /** Most payments wait for their customers, or for the processor. */
  readonly payments?: 'async';
  /** Names of phases; the others are left out. */
  readonly only?: readonly string[];
  readonly report?: string;
  /** Keeps nothing, not even of a failed run. */
  readonly forget?: boolean;
  readonly json?: boolean;
}

const ORDERS = 5_000;
const FAULT_RATE = 0.1;
const SEEDS = 1_000_000;

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): ChaosOptions =>
  new Command('chaos')
    .description('Place orders while everything fails, then check from outside that every promise was kept.')
    .exitOverride()
    .option('--orders <number>', 'how many orders to place', atLeastOne, ORDERS)
    .option('--fault-rate <share>', 'the share of calls to providers that fail, 0 to 1', share, FAULT_RATE)
    .option('--seed <number>', 'seed of orders, faults and rests (default: a new one)', wholeNumber, Date.now() % SEEDS)
    .option('--one-process', 'run API and worker as one process')
    .option('--pooler', 'put a transaction pooler (PgBouncer) between the service and Postgres')
    .option('--http', 'call the providers through adapters of a PROVIDERS_FILE, with signed calls')
    .addOption(
      new Option('--payments <kind>', 'async: most payments wait for their customers, whose webhooks get lost').choices(
        ['async'],
      ),
    )
    .option('--only <phases>', `run only these phases, separated by commas: ${PHASE_NAMES.join(', ')}`, phases)
    .option('--forget', 'delete the data even if the run fails')
    .option('--report <file>', 'write the result to this file, as JSON')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<ChaosOptions>();

const phases = (text: string): string[] =>
  text.split(',').map((given) => {
    const name = PHASE_NAMES.find((each) => each === given.trim());
    if (name === undefined) throw new InvalidArgumentError(`No such phase: "${given.trim()}".`);
    return name;
  });

function share(text: string): number {
  if (!/^(0(\.\d+)?|1(\.0+)?)$/.test(text)) throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return Number(text);
}
