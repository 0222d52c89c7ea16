import closeWithGrace from 'close-with-grace';
import type { Logger } from './logger';

/** Longer than any request or activity may take, and short enough for people who press Ctrl-C. */
const GRACE_MS = 15_000;

/** Tells a parent that spawned us with an IPC channel that we are ready; without a parent it does nothing. */
export const announceReady = (facts: Record<string, unknown> = {}): void =>
  void process.send?.({ ready: true, ...facts });

/**
 * Runs `close` once on SIGTERM, SIGINT, a fatal error, or the death of the parent that spawned us: an orphan would keep the ports that the
 * next start needs.
 */
export function closeOnExit(logger: Logger, close: () => Promise<void>): void {
  const handle = closeWithGrace({ delay: GRACE_MS, logger: false }, async ({ signal, err }) => {
    if (err) logger.fatal({ err }, 'stopping because of a bug');
    else logger.info({ signal: signal ?? 'parent gone' }, 'stopping');
    await close();
  });
  process.once('disconnect', () => void handle.close());
}
