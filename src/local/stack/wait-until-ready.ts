import { setTimeout as rest } from 'node:timers/promises';
import type { Child } from './child';

/** Enough even for a cold disk and two busy cores. */
const READY_WITHIN_MS = 60_000;
const CHECK_EVERY_MS = 50;

/** A part that ended before it was ready, or did not become ready. */
export class PartDidNotStart extends Error {
  constructor(
    readonly child: Child,
    readonly why: string,
    readonly died: boolean,
  ) {
    super(`${child.name} did not start: ${why}`);
  }
}

/** Checks until a part is ready or `signal` aborts, and notes the error of each failed check. */
export type Ready<T> = (signal: AbortSignal, note: (error: Error) => void) => Promise<T>;

/** Waits for `ready` while the child is alive and nobody interrupts. */
export async function waitUntilReady<T>(
  child: Child,
  ready: Ready<T>,
  interrupted?: AbortSignal,
  withinMs = READY_WITHIN_MS,
): Promise<T> {
  const done = new AbortController();
  const late = AbortSignal.timeout(withinMs);
  const signal = AbortSignal.any([done.signal, late, ...(interrupted ? [interrupted] : [])]);
  let last: Error | undefined;
  try {
    signal.throwIfAborted();
    return await Promise.race([
      ready(signal, (error) => (last = error)),
      child.exited.then((how) => Promise.reject<T>(new PartDidNotStart(child, how, true))),
      new Promise<T>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ]);
  } catch (error) {
    if (interrupted?.aborted || !late.aborted) throw error;
    await child.stop();
    const reason = last === undefined ? '' : `; the last check failed with: ${last.message}`;
    throw new PartDidNotStart(child, `not ready after ${withinMs / 1000} s${reason}`, false);
  } finally {
    done.abort();
  }
}

/** Checks until the answer is yes; an error counts as a no. */
export const until =
  (isReady: () => Promise<boolean>): Ready<void> =>
  async (signal, note) => {
    const asked = () =>
      isReady().catch((error: Error) => {
        note(error);
        return false;
      });
    while (!(await asked())) await rest(CHECK_EVERY_MS, undefined, { signal });
  };
