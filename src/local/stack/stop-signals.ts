/** npm forwards a Ctrl-C that we have already received from the terminal: a signal this soon is the same Ctrl-C. */
const SAME_SIGNAL_MS = 1_000;

/** The first Ctrl-C (or SIGTERM, or a closed terminal) asks to stop, the second to stop immediately. */
export function stopSignals(): { stop: AbortSignal; stopAtOnce: AbortSignal } {
  const stop = new AbortController();
  const stopAtOnce = new AbortController();
  let since = 0;
  const heard = () => {
    if (!stop.signal.aborted) {
      since = performance.now();
      stop.abort();
    } else if (performance.now() - since > SAME_SIGNAL_MS) stopAtOnce.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard);
  return { stop: stop.signal, stopAtOnce: stopAtOnce.signal };
}
