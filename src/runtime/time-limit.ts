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
