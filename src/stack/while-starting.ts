import { setTimeout as rest } from 'node:timers/promises';
import type { Child } from './child';

/** A cold disk and two busy cores included. */
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

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

/** Waits for `ready`, as long as the child lives and nobody interrupts. */
export async function whileStarting<T>(
  child: Child,
  ready: (signal: AbortSignal) => Promise<T>,
  interrupted?: AbortSignal,
): Promise<T> {
  const done = new AbortController();
  const late = AbortSignal.timeout(READY_WITHIN_MS);
  const signal = AbortSignal.any([done.signal, late, ...(interrupted ? [interrupted] : [])]);
  try {
    signal.throwIfAborted();
    return await Promise.race([
      ready(signal),
      child.exited.then((how) => Promise.reject<T>(new PartDidNotStart(child, how, true))),
      new Promise<T>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ]);
  } catch (error) {
    if (interrupted?.aborted || !late.aborted) throw error;
    await child.stop();
    throw new PartDidNotStart(child, `not ready after ${READY_WITHIN_MS / 1000} s`, false);
  } finally {
    done.abort();
  }
}

/** Asks until the answer is yes; an error is a no. */
export const until = (isReady: () => Promise<boolean>) => async (signal: AbortSignal) => {
  while (!(await isReady().catch(() => false))) await rest(LOOK_EVERY_MS, undefined, { signal });
};
