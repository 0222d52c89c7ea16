import { Presets, SingleBar } from 'cli-progress';
import type { Measured } from '../measure';

const WIDTH = 30;

export interface ProgressBar {
  readonly passed: (result: Measured) => void;
  readonly lift: () => void;
}

/** A bar on a terminal, elsewhere a line for each measurement, on standard error. Every result is passed to `keep`. */
export function progressBar(total: number, keep: (result: Measured) => void): ProgressBar {
  const options = { format: '  {bar} {value}/{total}  {last}', barsize: WIDTH, clearOnComplete: true };
  const bar = process.stderr.isTTY
    ? new SingleBar({ ...options, stream: process.stderr }, Presets.shades_classic)
    : undefined;
  bar?.start(total, 0, { last: '' });
  return {
    passed: (result) => {
      const { system, concurrency, perSecond, p50Ms, p99Ms } = result;
      keep(result);
      const last = `${system} × ${concurrency}: ${perSecond}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms`;
      if (bar) bar.increment({ last });
      else process.stderr.write(`${last}\n`);
    },
    lift: () => bar?.stop(),
  };
}
