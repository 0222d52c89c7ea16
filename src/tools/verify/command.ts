import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { httpUrl, wholeNumber } from '../terminal/arguments';
import type { ExitCode } from '../terminal/exit-codes';

/** The promises, as the documentation names them; P12 and P13 are not built yet. */
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

/** Reads stores and journals rather than the API, so it is passed in. */
export type Verify = (options: VerifyOptions) => Promise<ExitCode>;

/** Everything ends within a minute after faults, as promised. */
const SETTLE_SECONDS = 60;
/** Takes a few seconds of calls. */
const SAMPLE = 200;

export function addVerifyCommand(program: Command, verify: (options: VerifyOptions) => Promise<void>): void {
  program
    .command('verify')
    .description('check from outside that the promises P1 to P11 and P14 hold')
    .option('--only <promises>', `some of ${PROMISE_NAMES.join(',')}, separated by commas`, promises)
    .option('--data-dir <dir>', 'check the stack that runs on this directory (default: DATA_DIR)')
    .option('--postgres <url>', "the database, if it is not the stack's")
    .option('--sandbox <url>', 'the sandbox providers, whose journals are compared', httpUrl)
    .option('--temporal <address>', "the Temporal that runs the workflows, if it is not the stack's")
    .option('--api <url>', 'the API that answers repeated requests', httpUrl)
    .option('--redis <url>', 'the Redis with the stream of events')
    .option('--kafka <host:port,…>', 'the brokers with the topic of events (default: KAFKA_BROKERS)')
    .option('--nats <url>', 'the server with the stream of events (default: NATS_URL)')
    .option('--acknowledged <file>', 'what clients were told: one {"key", "tenant", "id"} per line')
    .option(
      '--ended-by-hand <file>',
      'workflows that were terminated or deleted on purpose: one {"workflowId"} per line',
    )
    .option('--attention-expected', 'do not count items that wait for an operator as violations')
    .addOption(
      new Option('--settle <seconds>', 'younger orders need not have ended or been charged')
        .default(SETTLE_SECONDS)
        .argParser(wholeNumber),
    )
    .addOption(
      new Option('--sample <number>', 'how many of the newest to check where each takes a call (P8, P9, P10)')
        .default(SAMPLE)
        .argParser(wholeNumber),
    )
    .option('--json', 'print one JSON object')
    .action(verify);
}

const promises = (text: string): PromiseName[] =>
  text.split(',').map((given) => {
    const name = PROMISE_NAMES.find((each) => each === given);
    if (!name) throw new InvalidArgumentError(`No such promise: ${given}.`);
    return name;
  });
