import { Presets, SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 10_000;
const FORMAT = '  {bar} {value}/{total} orders  {ended} ended  {faults} faults  {differences} differences  {phase}';
const BAR_WIDTH = 24;

export interface Counters {
  readonly phase: string;
  readonly ended: number;
  readonly faults: number;
  readonly differences: number;
}

/** A bar with live counters on a terminal, a line every ten seconds elsewhere. */
export function progressLine(orders: number) {
  const { stderr } = process;
  const options = { format: FORMAT, barsize: BAR_WIDTH, clearOnComplete: false, stream: stderr };
  const bar = stderr.isTTY ? new SingleBar(options, Presets.shades_classic) : undefined;
  let shownAt = 0;
  return {
    begin: (): void => bar?.start(orders, 0, { phase: '', ended: 0, faults: 0, differences: 0 }),
    show(acknowledged: number, counters: Counters): void {
      bar?.update(acknowledged, counters);
      if (bar || performance.now() - shownAt < LINE_EVERY_MS) return;
      shownAt = performance.now();
      const { phase, ended, faults, differences } = counters;
      const seen = `${ended} ended, ${faults} faults, ${differences} differences`;
      stderr.write(`  ${acknowledged}/${orders} orders, ${seen}  ${phase}\n`);
    },
    end: (): void => bar?.stop(),
  };
}
