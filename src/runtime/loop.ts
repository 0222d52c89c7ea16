import { setTimeout as rest } from 'node:timers/promises';
import type { Logger } from './logger';

export interface Loop {
  /** Ends the loop after the current pass. */
  stop(): Promise<void>;
}

/** After a failed pass: what it needs is probably restarting, and more attempts would only fill the log. */
const REST_AFTER_FAILURE_MS = 1_000;

/**
 * Runs `once` for ever, and rests `restMs` whenever it returns less than `full`. A pass that throws is logged and retried: a loop must not
 * end because a server restarts.
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
        logger.warn({ err, loop: name }, 'a pass failed and will be retried');
        ms = Math.max(restMs, REST_AFTER_FAILURE_MS);
        return 0;
      });
      // Rejects when the loop is stopped, which the condition above checks.
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
