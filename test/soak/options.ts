import { Command } from 'commander';
import { positiveNumber } from './positive-number';

export interface SoakOptions {
  readonly minutes: number;
  /** Seconds. */
  readonly capacity: number;
  readonly report?: string;
  readonly plot?: string;
  readonly json?: boolean;
}

const MINUTES = 30;
const CAPACITY_SECONDS = 60;

/** Throws Commander's error for `--help` and for wrong usage. */
export const readOptions = (args: readonly string[]): SoakOptions =>
  new Command('soak')
    .description('Keep the service at half of its capacity, and see whether anything grows.')
    .exitOverride()
    .option('--minutes <number>', 'how long', positiveNumber, MINUTES)
    .option('--capacity <seconds>', 'how long to measure the capacity', positiveNumber, CAPACITY_SECONDS)
    .option('--report <file>', 'write every sample to this file, as JSON')
    .option('--plot <file>', 'write the chart to this file, as SVG')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<SoakOptions>();
