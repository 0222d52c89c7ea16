import { Presets, SingleBar } from 'cli-progress';
import type { RedriveProgress } from './outbox-answers';
import type { Output } from './output';

const WIDTH = 30;

/** How far a redrive has got: a bar on a terminal, elsewhere a line for each change, with `--json` nothing. */
export interface RedriveDisplay {
  show(progress: RedriveProgress): void;
  /** Takes the bar away, so that something else can be said. */
  lift(): void;
}

export const redriveDisplay = (output: Output): RedriveDisplay =>
  output.json || !output.screen.isTTY ? inLines(output) : asBar(output);

function asBar({ screen }: Output): RedriveDisplay {
  const looks = { format: '  {bar} {value}/{total}  {failures}', barsize: WIDTH, clearOnComplete: true };
  const bar = new SingleBar({ ...looks, stream: screen }, Presets.shades_classic);
  return {
    show({ total, done, failedAgain }) {
      const failures = failedAgain > 0 ? `${failedAgain} failed again` : '';
      if (bar.isActive) bar.update(done + failedAgain, { failures });
      else bar.start(total, done + failedAgain, { failures });
    },
    lift: () => bar.stop(),
  };
}

function inLines(output: Output): RedriveDisplay {
  let said = '';
  return {
    show({ done, total, failedAgain }) {
      const line = `  ${done} of ${total} delivered${failedAgain > 0 ? `, ${failedAgain} failed again` : ''}`;
      if (line !== said) output.say(line);
      said = line;
    },
    lift: () => undefined,
  };
}
