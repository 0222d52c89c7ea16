import { Command } from 'commander';
import { positiveNumber } from '../soak/positive-number';

export interface AttackOptions {
  /** Seconds of each round. */
  readonly seconds: number;
  /** Each round runs once without and once with the attacks. */
  readonly rounds: number;
  /** Average seconds between two tries of an attack. */
  readonly every: number;
  readonly json?: boolean;
}

const SECONDS = 15;
const ROUNDS = 2;
const EVERY_SECONDS = 5;

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): AttackOptions =>
  new Command('attacks')
    .description('Let one tenant run every attack that could cost others, and measure what another tenant notices.')
    .exitOverride()
    .option('--seconds <number>', 'how long each half of a round takes', positiveNumber, SECONDS)
    .option('--rounds <number>', 'how many rounds, each without and with the attacks', positiveNumber, ROUNDS)
    .option('--every <seconds>', 'average time between two tries of an attack', positiveNumber, EVERY_SECONDS)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<AttackOptions>();
