/**
 * Aborts with the first of `signals`, or with a `TimeoutError` when `ms` are over. With `AbortSignal.timeout` it would not always: nothing
 * but the joint signal knows of that one, and holds it weakly, and a signal that was collected never aborts. A timer holds what it ends.
 */
export function within(ms: number, ...signals: readonly AbortSignal[]): AbortSignal {
  const limit = new AbortController();
  const over = () => limit.abort(new DOMException(`It took longer than ${ms} ms`, 'TimeoutError'));
  // A limit is no reason for a process to stay.
  setTimeout(over, ms).unref();
  return AbortSignal.any([...signals, limit.signal]);
}

/** What was called outside did not answer in time. It may have acted. */
export class TookTooLong extends Error {
  constructor(ms: number, who: string) {
    super(`${who} did not answer within ${ms} ms`);
    this.name = 'TookTooLong';
  }
}

/**
 * The one deadline for a call that leaves the house: settles as `work` does, or fails with `TookTooLong` when `ms` are over, whatever becomes
 * of the work. The signal tells the work to end, but nothing relies on it: a client that misses an abort, or a connection that is closed
 * without a word, must hold up nobody.
 */
export async function settleWithin<T>(ms: number, work: (late: AbortSignal) => Promise<T>, who = 'It'): Promise<T> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Before the abort, so that this is what the caller is told.
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
