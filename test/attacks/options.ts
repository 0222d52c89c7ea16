import { Command } from 'commander';
import { positiveNumber } from '../soak/positive-number';

export interface AttackOptions {
  /** Of each third of a round. */
  readonly seconds: number;
  /** Each round runs without the attacks, with them elsewhere, and with them. */
  readonly rounds: number;
  /** Average seconds between two tries of an attack. */
  readonly every: number;
  /** All attacks in the same moment, each time. By default each has moments of its own. */
  readonly together: boolean;
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
    .option('--seconds <number>', 'how long each third of a round takes', positiveNumber, SECONDS)
    .option(
      '--rounds <number>',
      'how many rounds, each without the attacks, with them elsewhere, and with them',
      positiveNumber,
      ROUNDS,
    )
    .option('--every <seconds>', 'average time between two tries of an attack', positiveNumber, EVERY_SECONDS)
    .option('--together', 'let all attacks begin in the same moment, each time', false)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<AttackOptions>();
