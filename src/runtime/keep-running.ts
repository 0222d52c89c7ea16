import type { Logger } from './logger';
import { startLoop } from './loop';
import type { Loop } from './loop';

/** Something that runs until it is stopped, or until it fails. */
export interface Run {
  readonly ended: Promise<unknown>;
  /** Releases whatever it holds, even after it has ended. */
  stop(): Promise<void>;
}

export interface Kept<R extends Run> extends Loop {
  /** The current run, if there is one. */
  readonly current: () => R | undefined;
  /** Resolves when the first start has succeeded or failed. */
  readonly tried: Promise<void>;
}

/** Starts a run again, after a rest, whenever a start fails or the run ends by itself; the rest of the process goes on meanwhile. */
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
      // A start that hangs is not waited for; if it succeeds later, its run is stopped immediately.
      if (isRunning) await looped;
    },
  };
}
