import { setTimeout as rest } from 'node:timers/promises';
import type { Logger } from './logger';

export interface Loop {
  /** Ends the loop after the current pass. */
  stop(): Promise<void>;
}

export interface WakeableLoop extends Loop {
  /** There is something to do: the next pass begins at once. */
  wake(): void;
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
): WakeableLoop {
  let stopped = false;
  let woken = false;
  let resting = new AbortController();
  const running = (async () => {
    while (!stopped) {
      let ms = restMs;
      woken = false;
      const done = await once().catch((err: unknown) => {
        logger.warn({ err, loop: name }, 'a pass failed and will be retried');
        ms = Math.max(restMs, REST_AFTER_FAILURE_MS);
        return 0;
      });
      if (done >= full || woken || stopped) continue;
      resting = new AbortController();
      // Rejects when the rest is cut short.
      await rest(ms, undefined, { signal: resting.signal }).catch(() => undefined);
    }
  })();
  return {
    wake: () => {
      woken = true;
      resting.abort();
    },
    stop: async () => {
      stopped = true;
      resting.abort();
      await running;
    },
  };
}
