import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Config } from './config';

export type { Logger };

/** Personal data never reaches a log: these paths are blanked even where a whole request is logged by mistake. */
const REDACTED = ['authorization', 'token', 'email', 'customer', 'payment', 'shippingAddress', 'body'];

/** JSON lines on standard output. */
export const createLogger = (process: string, config: Config): Logger =>
  pino({
    name: process,
    level: config.LOG_LEVEL,
    redact: { paths: REDACTED.flatMap((path) => [path, `*.${path}`, `*.*.${path}`]), censor: '[redacted]' },
  });
