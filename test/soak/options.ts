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

/** Throws Commander's error for `--help` and for what is not understood. */
export const readOptions = (args: readonly string[]): SoakOptions =>
  new Command('soak')
    .description('Keep the service at half of what it can do, and see whether anything grows.')
    .exitOverride()
    .option('--minutes <number>', 'how long', positiveNumber, MINUTES)
    .option('--capacity <seconds>', 'how long to measure what it can do', positiveNumber, CAPACITY_SECONDS)
    .option('--report <file>', 'where to write every sample, as JSON')
    .option('--plot <file>', 'where to write the picture, as SVG')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<SoakOptions>();
