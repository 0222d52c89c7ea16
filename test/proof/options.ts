import { Command } from 'commander';
import { wholeNumber } from '../../src/tools/terminal/arguments';
import { atLeastOne } from '../support/at-least-one';

export interface ProofOptions {
  readonly orders: number;
  readonly seed: number;
  /** Of each of the two relays; as many stops. */
  readonly kills: number;
  readonly report?: string;
  /** False on a machine that cannot run it. */
  readonly kafka: boolean;
}

const ORDERS = 2_000;
const KILLS = 10;

/** Throws Commander's error for `--help` and for what is not understood. */
export const readOptions = (args: readonly string[]): ProofOptions =>
  new Command('prove:outbox')
    .description('Kill and stop two relays under load, then compare what every sink has with what was committed.')
    .exitOverride()
    .option('--orders <number>', 'how many orders are placed', atLeastOne, ORDERS)
    .option('--kills <number>', 'how often each relay is killed, and how often stopped', atLeastOne, KILLS)
    .option('--seed <number>', 'of orders and moments (default: a new one)', wholeNumber, Date.now() % 1_000_000)
    .option('--no-kafka', 'leave Kafka out, where there is no Java')
    .option('--report <file>', 'where to write the result as JSON')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<ProofOptions>();
