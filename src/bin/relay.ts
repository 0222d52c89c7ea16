import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';

/** Keeps the process alive until it is told to stop; an hour is as good as any. */
const IDLE_MS = 3_600_000;

/** The relay's place: events are collected in the outbox and nobody carries them out yet. */
function main(): void {
  const logger = createLogger('relay', readConfig());
  const idle = setInterval(() => undefined, IDLE_MS);
  closeOnExit(logger, async () => clearInterval(idle));
  logger.info('events stay in the outbox: there is no sink yet');
  announceReady();
}

main();
