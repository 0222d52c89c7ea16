import { Presets, SingleBar } from 'cli-progress';
import type { Measured } from '../measure';

const WIDTH = 30;

export interface ProgressBar {
  passed(result: Measured): void;
  lift(): void;
}

/** For measurements that are part of another. */
export const UNSHOWN: ProgressBar = { passed: () => undefined, lift: () => undefined };

/** A bar on a terminal, and elsewhere a line for each measurement; both beside the report. */
export function progressBar(total: number): ProgressBar {
  const looks = { format: '  {bar} {value}/{total}  {last}', barsize: WIDTH, clearOnComplete: true };
  const bar = process.stderr.isTTY
    ? new SingleBar({ ...looks, stream: process.stderr }, Presets.shades_classic)
    : undefined;
  bar?.start(total, 0, { last: '' });
  return {
    passed: ({ system, concurrency, perSecond, p50Ms, p99Ms }) => {
      const last = `${system} × ${concurrency}: ${perSecond}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms`;
      if (bar) bar.increment({ last });
      else process.stderr.write(`${last}\n`);
    },
    lift: () => bar?.stop(),
  };
}
