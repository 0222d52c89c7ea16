import { Presets, SingleBar } from 'cli-progress';
import { printable } from '../terminal/printable';
import type { Screen } from '../terminal/screen';

const WIDTH = 30;

/** A bar on a terminal, removed at the end; elsewhere nothing. */
export function progressBar(screen: Screen, total: number) {
  const options = { format: '  {bar} {value}/{total}  {history}', barsize: WIDTH, clearOnComplete: true };
  const bar = screen.isTTY ? new SingleBar({ ...options, stream: screen }, Presets.shades_classic) : undefined;
  bar?.start(total, 0, { history: '' });
  return {
    passed: (history: string): void => bar?.increment({ history: printable(history) }),
    lift: (): void => bar?.stop(),
  };
}
