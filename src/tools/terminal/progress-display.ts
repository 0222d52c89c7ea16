import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './output';

const WIDTH = 30;

export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failedAgain: number;
}

/** The progress of many actions of one kind: a bar on a terminal, elsewhere a line for each change, nothing with `--json`. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Removes the bar, so that something else can be printed. */
  lift(): void;
}

/** `done` says what happened to each: delivered, resumed. */
export const progressDisplay = (output: Output, done: string, failed = 'failed again'): ProgressDisplay =>
  output.json || !output.screen.isTTY ? inLines(output, done, failed) : asBar(output, failed);

function asBar({ screen }: Output, failed: string): ProgressDisplay {
  const options = { format: '  {bar} {value}/{total}  {failures}', barsize: WIDTH, clearOnComplete: true };
  const bar = new SingleBar({ ...options, stream: screen }, Presets.shades_classic);
  return {
    show({ total, done, failedAgain }) {
      const failures = failedAgain > 0 ? `${failedAgain} ${failed}` : '';
      if (bar.isActive) bar.update(done + failedAgain, { failures });
      else bar.start(total, done + failedAgain, { failures });
    },
    lift: () => bar.stop(),
  };
}

function inLines(output: Output, whatWasDone: string, failed: string): ProgressDisplay {
  let printed = '';
  return {
    show({ done, total, failedAgain }) {
      const line = `  ${done} of ${total} ${whatWasDone}${failedAgain > 0 ? `, ${failedAgain} ${failed}` : ''}`;
      if (line !== printed) output.say(line);
      printed = line;
    },
    lift: () => undefined,
  };
}
