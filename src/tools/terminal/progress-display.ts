import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './output';

const WIDTH = 30;

export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failedAgain: number;
}

/** How far many acts of one kind have got: a bar on a terminal, elsewhere a line for each change, with `--json` nothing. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Takes the bar away, so that something else can be said. */
  lift(): void;
}

/** `done` is what has happened to each: delivered, resumed. */
export const progressDisplay = (output: Output, done: string, failed = 'failed again'): ProgressDisplay =>
  output.json || !output.screen.isTTY ? inLines(output, done, failed) : asBar(output, failed);

function asBar({ screen }: Output, failed: string): ProgressDisplay {
  const looks = { format: '  {bar} {value}/{total}  {failures}', barsize: WIDTH, clearOnComplete: true };
  const bar = new SingleBar({ ...looks, stream: screen }, Presets.shades_classic);
  return {
    show({ total, done, failedAgain }) {
      const failures = failedAgain > 0 ? `${failedAgain} ${failed}` : '';
      if (bar.isActive) bar.update(done + failedAgain, { failures });
      else bar.start(total, done + failedAgain, { failures });
    },
    lift: () => bar.stop(),
  };
}

function inLines(output: Output, doneTo: string, failed: string): ProgressDisplay {
  let said = '';
  return {
    show({ done, total, failedAgain }) {
      const line = `  ${done} of ${total} ${doneTo}${failedAgain > 0 ? `, ${failedAgain} ${failed}` : ''}`;
      if (line !== said) output.say(line);
      said = line;
    },
    lift: () => undefined,
  };
}
