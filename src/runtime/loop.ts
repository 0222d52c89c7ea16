import { setTimeout as rest } from 'node:timers/promises';
import type { Logger } from './logger';

export interface Loop {
  /** Ends the loop after the pass that is running. */
  stop(): Promise<void>;
}

/** After a pass that failed: what it needs is probably restarting, and a line in the log for each attempt is enough. */
const REST_AFTER_FAILURE_MS = 1_000;

/**
 * Runs `once` for ever, resting `restMs` whenever it returns less than `full`. A pass that throws is logged and tried again: what the
 * loop is for must not end because a server restarted.
 */
export function startLoop(
  name: string,
  once: () => Promise<number>,
  { restMs, full, logger }: { restMs: number; full: number; logger: Logger },
): Loop {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      let ms = restMs;
      const done = await once().catch((err: unknown) => {
        logger.warn({ err, loop: name }, 'a pass failed and is tried again');
        ms = Math.max(restMs, REST_AFTER_FAILURE_MS);
        return 0;
      });
      // Rejects when the loop is stopped, which is what the condition above is for.
      if (done < full) await rest(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
