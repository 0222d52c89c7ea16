import { Presets, SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 10_000;
const FORMAT = '  {bar} {value}/{total} orders  {ended} ended  {kills} kills  {stops} stops  {lag} events behind';

export interface Counters {
  readonly acknowledged: number;
  readonly ended: number;
  readonly kills: number;
  readonly stops: number;
  readonly lag: number;
}

/** Where the proof reports its progress. */
export interface Listener {
  readonly say: (sentence: string) => void;
  /** A terminal on which a bar can be drawn. */
  readonly terminal?: NodeJS.WritableStream | undefined;
}

/** A bar with live counters on a terminal, a line every ten seconds elsewhere. */
export function progressLine(orders: number, { say, terminal }: Listener) {
  const options = { format: FORMAT, barsize: 24, clearOnComplete: false };
  const bar = terminal && new SingleBar({ ...options, stream: terminal }, Presets.shades_classic);
  let saidAt = 0;
  return {
    begin: (): void => bar?.start(orders, 0, { ended: 0, kills: 0, stops: 0, lag: 0 }),
    show({ acknowledged, ...counters }: Counters): void {
      bar?.update(acknowledged, counters);
      if (bar || performance.now() - saidAt < LINE_EVERY_MS) return;
      saidAt = performance.now();
      const { ended, kills, stops, lag } = counters;
      const faults = `${kills} kills, ${stops} stops`;
      say(`  ${acknowledged}/${orders} orders, ${ended} ended, ${faults}, ${lag} events behind`);
    },
    end: (): void => bar?.stop(),
  };
}
