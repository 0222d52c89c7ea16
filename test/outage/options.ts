import { Command, Option } from 'commander';
import { positiveNumber } from '../soak/positive-number';

/** The sandbox's providers, and the steps that call them. */
export const STEP_OF = {
  payments: 'payment-authorized',
  warehouse: 'fulfillment-triggered',
  mail: 'notification-sent',
  carrier: 'label-generated',
} as const;

export interface OutageOptions {
  readonly provider: keyof typeof STEP_OF;
  readonly seconds: number;
  /** Orders a second. */
  readonly rate: number;
  readonly json?: boolean;
}

const SECONDS = 60;
const RATE = 5;

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): OutageOptions =>
  new Command('outage')
    .description('Take one provider away under a steady load, and see what it costs.')
    .exitOverride()
    .addOption(new Option('--provider <name>', 'which one').choices(Object.keys(STEP_OF)).default('payments'))
    .option('--seconds <number>', 'for how long', positiveNumber, SECONDS)
    .option('--rate <number>', 'orders a second', positiveNumber, RATE)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<OutageOptions>();
