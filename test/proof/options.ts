import { Command } from 'commander';
import { wholeNumber } from '../../src/tools/terminal/arguments';
import { atLeastOne } from '../support/at-least-one';

export interface ProofOptions {
  readonly orders: number;
  readonly seed: number;
  /** Kills of each relay, and as many stops. */
  readonly kills: number;
  readonly report?: string;
  /** False on a machine that cannot run Kafka. */
  readonly kafka: boolean;
}

const ORDERS = 2_000;
const KILLS = 10;

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): ProofOptions =>
  new Command('prove:outbox')
    .description('Kill and stop two relays under load, then compare what every sink has with what was committed.')
    .exitOverride()
    .option('--orders <number>', 'how many orders to place', atLeastOne, ORDERS)
    .option('--kills <number>', 'how often to kill each relay, and how often to stop it', atLeastOne, KILLS)
    .option('--seed <number>', 'seed of orders and faults (default: a new one)', wholeNumber, Date.now() % 1_000_000)
    .option('--no-kafka', 'leave out Kafka, if there is no Java')
    .option('--report <file>', 'write the result to this file, as JSON')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<ProofOptions>();
