import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { httpUrl, wholeNumber } from './arguments';
import type { ExitCode } from './exit-codes';

/** What can be checked so far. */
export const PROMISE_NAMES = ['P5', 'P7'] as const;
export type PromiseName = (typeof PROMISE_NAMES)[number];

export interface VerifyOptions {
  readonly only?: readonly PromiseName[];
  readonly dataDir?: string;
  readonly postgres?: string;
  readonly sandbox?: string;
  readonly redis?: string;
  readonly kafka?: string;
  readonly nats?: string;
  /** Seconds. */
  readonly settle: number;
  readonly json?: boolean;
}

/** Looks at stores and journals and not at the API: it is handed in. */
export type Verify = (options: VerifyOptions) => Promise<ExitCode>;

/** After faults everything has ended within a minute, as promised. */
const SETTLE_SECONDS = 60;

export function addVerifyCommand(program: Command, verify: (options: VerifyOptions) => Promise<void>): void {
  program
    .command('verify')
    .description('check from outside that what was promised holds: money, and events at every sink')
    .option('--only <promises>', `of ${PROMISE_NAMES.join(', ')}, with commas`, promises)
    .option('--data-dir <dir>', 'whose running stack to check (default: DATA_DIR)')
    .option('--postgres <url>', "the database, if it is not the stack's")
    .option('--sandbox <url>', 'the sandbox providers, whose journals are compared', httpUrl)
    .option('--redis <url>', 'the Redis that has the stream of events')
    .option('--kafka <host:port,…>', 'brokers that have the topic (default: KAFKA_BROKERS)')
    .option('--nats <url>', 'the server that has the stream (default: NATS_URL)')
    .addOption(
      new Option('--settle <seconds>', 'an order completed less than this ago may not be charged yet')
        .default(SETTLE_SECONDS)
        .argParser(wholeNumber),
    )
    .option('--json', 'print one JSON object')
    .action(verify);
}

const promises = (text: string): PromiseName[] =>
  text.split(',').map((given) => {
    const name = PROMISE_NAMES.find((each) => each === given);
    if (!name) throw new InvalidArgumentError(`There is no check of ${given}.`);
    return name;
  });
