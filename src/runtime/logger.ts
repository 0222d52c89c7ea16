import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Config } from './config';
import { keepLogSmall } from './keep-log-small';
import { logDestination, losesLines } from './log-destination';
import { RepeatedLines } from './repeated-lines';

export type { Logger };

/** Personal data never reaches a log: these paths are redacted even if a whole request is logged by mistake. */
const REDACTED = ['authorization', 'token', 'email', 'customer', 'payment', 'shippingAddress', 'body'];

/** Members of a Postgres error that hold the offending row, or the statement with its values. */
const REDACTED_OF_ERRORS = ['detail', 'where', 'internalQuery'].map((member) => `err.${member}`);

const STANDARD_OUTPUT = 1;

/** Whether this process is losing log lines. Writes one to find out, because a silent process would not notice new space. */
export function logLosesLines(logger: Logger): boolean {
  if (losesLines(STANDARD_OUTPUT)) logger.error('this log has lost lines; trying again');
  return losesLines(STANDARD_OUTPUT);
}

/** Logs JSON lines, to standard output by default. Logging never throws, and lines that repeat are counted. */
export function createLogger(
  name: string,
  config: Pick<Config, 'LOG_LEVEL'> & Partial<Pick<Config, 'LOG_FILE'>>,
  destination?: DestinationStream,
  repeated = new RepeatedLines(),
): Logger {
  const logger: Logger = pino(
    {
      name,
      level: config.LOG_LEVEL,
      redact: {
        paths: [...REDACTED.flatMap((path) => [path, `*.${path}`, `*.*.${path}`]), ...REDACTED_OF_ERRORS],
        censor: '[redacted]',
      },
      hooks: {
        logMethod(line, write, level) {
          repeated.logMethod(this, line, write, level);
        },
      },
    },
    destination ??
      logDestination(
        STANDARD_OUTPUT,
        (lost) => logger.warn({ lost }, 'log lines are missing here, because they could not be written'),
        config.LOG_FILE ? keepLogSmall(STANDARD_OUTPUT, config.LOG_FILE) : undefined,
      ),
  );
  // Writes what was counted and not yet reported.
  if (!destination) process.once('exit', repeated.flush);
  return logger;
}
