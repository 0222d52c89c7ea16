/**
 * Aborts with the first of `signals`, or with a `TimeoutError` after `ms`. `AbortSignal.timeout` is not reliable here: only the combined
 * signal refers to it, and only weakly, so it may be garbage-collected and never abort. A timer keeps its controller alive.
 */
export function within(ms: number, ...signals: readonly AbortSignal[]): AbortSignal {
  const limit = new AbortController();
  const over = () => limit.abort(new DOMException(`It took longer than ${ms} ms`, 'TimeoutError'));
  // A time limit must not keep the process alive.
  setTimeout(over, ms).unref();
  return AbortSignal.any([...signals, limit.signal]);
}

/** A call to another system did not answer in time. It may have acted. */
export class TookTooLong extends Error {
  constructor(ms: number, who: string) {
    super(`${who} did not answer within ${ms} ms`);
    this.name = 'TookTooLong';
  }
}

/**
 * The deadline for calls to other systems: settles as `work` does, or fails with `TookTooLong` after `ms`, whatever `work` does. The signal
 * tells `work` to end, but nothing relies on it: a client that misses an abort, or a connection that is closed silently, must not block
 * anybody.
 */
export async function settleWithin<T>(ms: number, work: (late: AbortSignal) => Promise<T>, who = 'It'): Promise<T> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Before the abort, so that the caller gets this error.
      reject(new TookTooLong(ms, who));
      limit.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(limit.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
