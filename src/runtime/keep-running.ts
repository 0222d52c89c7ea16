import type { Logger } from './logger';
import { startLoop } from './loop';
import type { Loop } from './loop';

/** Something that runs until it is stopped, or until it fails. */
export interface Run {
  readonly ended: Promise<unknown>;
  /** Gives back whatever it holds, also after it has ended. */
  stop(): Promise<void>;
}

export interface Kept<R extends Run> extends Loop {
  /** What runs now, if anything does. */
  readonly current: () => R | undefined;
  /** Resolves when the first start has worked, or has not. */
  readonly tried: Promise<void>;
}

/** Starts it again, after a rest, whenever it cannot be started or ends by itself: what else is in this process goes on meanwhile. */
export function keepRunning<R extends Run>(
  name: string,
  start: () => Promise<R>,
  { restMs, logger }: { restMs: number; logger: Logger },
): Kept<R> {
  let current: R | undefined;
  let hasTried = (): void => undefined;
  const tried = new Promise<void>((resolve) => (hasTried = resolve));
  let wishToStop = (): void => undefined;
  const wished = new Promise<void>((resolve) => (wishToStop = resolve));
  const once = async () => {
    let run: R;
    try {
      run = current = await start();
    } finally {
      hasTried();
    }
    await Promise.race([run.ended, wished]).finally(async () => {
      current = undefined;
      await run.stop();
    });
    return 0;
  };
  const loop = startLoop(name, once, { restMs, full: 1, logger });
  return {
    current: () => current,
    tried,
    stop: async () => {
      const looped = loop.stop();
      const isRunning = current !== undefined;
      wishToStop();
      // A start that hangs is not waited for; what it starts after all is stopped at once.
      if (isRunning) await looped;
    },
  };
}
