import type { Logger } from './logger';

type Level = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
type Meta = Record<string, unknown>;

/** Sends the log of the Temporal SDK to our logger, so that a process writes one kind of line. */
export const temporalLogger = (logger: Logger) => {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, { error, ...meta }: Meta = {}) =>
      logger[level](error === undefined ? meta : { ...meta, err: error }, message);
  const byLevel = { TRACE: at('trace'), DEBUG: at('debug'), INFO: at('info'), WARN: at('warn'), ERROR: at('error') };
  return {
    trace: byLevel.TRACE,
    debug: byLevel.DEBUG,
    info: byLevel.INFO,
    warn: byLevel.WARN,
    error: byLevel.ERROR,
    log: (level: Level, message: string, meta?: Meta) => byLevel[level](message, meta),
  };
};
