import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { httpUrl, wholeNumber } from '../terminal/arguments';
import type { ExitCode } from '../terminal/exit-codes';

/** What must hold, by the names that the documentation has for it; P12 and P13 are not built yet. */
export const PROMISE_NAMES = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P11', 'P14'] as const;
export type PromiseName = (typeof PROMISE_NAMES)[number];

export interface VerifyOptions {
  readonly only?: readonly PromiseName[];
  readonly dataDir?: string;
  readonly postgres?: string;
  readonly sandbox?: string;
  readonly temporal?: string;
  readonly api?: string;
  readonly redis?: string;
  readonly kafka?: string;
  readonly nats?: string;
  /** A file. */
  readonly acknowledged?: string;
  /** A file. */
  readonly endedByHand?: string;
  /** Seconds. */
  readonly settle: number;
  readonly sample: number;
  readonly attentionExpected?: boolean;
  readonly json?: boolean;
}

/** Looks at stores and journals and not at the API: it is handed in. */
export type Verify = (options: VerifyOptions) => Promise<ExitCode>;

/** After faults everything has ended within a minute, as promised. */
const SETTLE_SECONDS = 60;
/** A few seconds' worth of calls. */
const SAMPLE = 200;

export function addVerifyCommand(program: Command, verify: (options: VerifyOptions) => Promise<void>): void {
  program
    .command('verify')
    .description('check from outside that what was promised holds, P1 to P11 and P14')
    .option('--only <promises>', `of ${PROMISE_NAMES.join(', ')}, with commas`, promises)
    .option('--data-dir <dir>', 'whose running stack to check (default: DATA_DIR)')
    .option('--postgres <url>', "the database, if it is not the stack's")
    .option('--sandbox <url>', 'the sandbox providers, whose journals are compared', httpUrl)
    .option('--temporal <address>', "the Temporal that runs the workflows, if it is not the stack's")
    .option('--api <url>', 'the API that is asked again', httpUrl)
    .option('--redis <url>', 'the Redis that has the stream of events')
    .option('--kafka <host:port,…>', 'brokers that have the topic (default: KAFKA_BROKERS)')
    .option('--nats <url>', 'the server that has the stream (default: NATS_URL)')
    .option('--acknowledged <file>', 'what a client was told: a line {"key", "tenant", "id"} for each')
    .option(
      '--ended-by-hand <file>',
      'workflows that were terminated or deleted on purpose: a line {"workflowId"} for each',
    )
    .option('--attention-expected', 'items that wait for an operator are no violation')
    .addOption(
      new Option('--settle <seconds>', 'what happened less than this ago need not have ended, nor be charged')
        .default(SETTLE_SECONDS)
        .argParser(wholeNumber),
    )
    .addOption(
      new Option('--sample <number>', 'how many, newest first, where each takes a call (P8, P9, P10)')
        .default(SAMPLE)
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
