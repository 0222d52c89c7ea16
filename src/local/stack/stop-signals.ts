/** npm passes on a Ctrl-C that we have had from the terminal already: what comes this soon is the same wish. */
const SAME_WISH_MS = 1_000;

/** The first Ctrl-C (or SIGTERM, or the end of the terminal) asks to stop, another one to stop at once. */
export function stopSignals(): { stop: AbortSignal; stopAtOnce: AbortSignal } {
  const stop = new AbortController();
  const stopAtOnce = new AbortController();
  let since = 0;
  const heard = () => {
    if (!stop.signal.aborted) {
      since = performance.now();
      stop.abort();
    } else if (performance.now() - since > SAME_WISH_MS) stopAtOnce.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard);
  return { stop: stop.signal, stopAtOnce: stopAtOnce.signal };
}
