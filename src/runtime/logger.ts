import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Config } from './config';
import { keepLogSmall } from './keep-log-small';
import { logDestination, losesLines } from './log-destination';
import { RepeatedLines } from './repeated-lines';

export type { Logger };

/** Personal data never reaches a log: these paths are blanked even where a whole request is logged by mistake. */
const REDACTED = ['authorization', 'token', 'email', 'customer', 'payment', 'shippingAddress', 'body'];

/** Of an error of Postgres: the row that it did not take, and the statement with what was in it. */
const REDACTED_OF_ERRORS = ['detail', 'where', 'internalQuery'].map((member) => `err.${member}`);

const STANDARD_OUTPUT = 1;

/** Whether lines of this process get lost. It is tried again, because whoever has nothing to say does not notice that there is space. */
export function logLosesLines(logger: Logger): boolean {
  if (losesLines(STANDARD_OUTPUT)) logger.error('lines of this log got lost, and it is tried again');
  return losesLines(STANDARD_OUTPUT);
}

/** JSON lines, on standard output unless told otherwise. Logging never throws, and what happens again and again is counted. */
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
        (lost) => logger.warn({ lost }, 'lines are missing here: the log could not be written'),
        config.LOG_FILE ? keepLogSmall(STANDARD_OUTPUT, config.LOG_FILE) : undefined,
      ),
  );
  // What was counted and not yet told.
  if (!destination) process.once('exit', repeated.flush);
  return logger;
}
