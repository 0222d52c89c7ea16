import { Presets, SingleBar } from 'cli-progress';

const FORMAT = '  {bar} {value}/{total}  {what}';
const BAR_WIDTH = 24;
/** Without a terminal: this many lines over the whole run. */
const PARTS = 10;

/** Progress: a bar on a terminal, ten lines elsewhere. */
export function countLine(total: number) {
  const { stderr } = process;
  const looks = { format: FORMAT, barsize: BAR_WIDTH, clearOnComplete: false, stream: stderr };
  const bar = stderr.isTTY ? new SingleBar(looks, Presets.shades_classic) : undefined;
  let said = -1;
  bar?.start(total, 0, { what: '' });
  return {
    show(count: number, what: string): void {
      bar?.update(count, { what });
      const part = Math.floor((count * Math.max(1, Math.min(PARTS, total))) / total);
      if (bar || part === said) return;
      said = part;
      stderr.write(`  ${count}/${total}  ${what}\n`);
    },
    end: (): void => bar?.stop(),
  };
}
