import { machine, median, ratio } from '../measure';
import type { Measured } from '../measure';
import { LEGS, RATIOS } from './legs';

export interface Report {
  readonly machine: string;
  readonly rounds: number;
  readonly results: readonly Measured[];
  readonly ratios: Readonly<Record<string, ReturnType<typeof ratio>>>;
}

export function reportOf(results: readonly Measured[], rounds: number): Report {
  const of = (name: string) => results.filter(({ system }) => system === name);
  const ratios = Object.entries(RATIOS).map(([name, [ours, theirs]]) => [name, ratio(of(ours), of(theirs))] as const);
  return { machine: machine(), rounds, results, ratios: Object.fromEntries(ratios) };
}

/** The medians of the rounds, one for each leg. */
export const mediansOf = ({ results }: Report): Measured[] =>
  LEGS.map(({ name }) => {
    const own = results.filter(({ system }) => system === name);
    const of = (figure: 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuMs') => median(own.map((result) => result[figure]));
    return {
      system: name,
      concurrency: 1,
      perSecond: of('perSecond'),
      p50Ms: of('p50Ms'),
      p99Ms: of('p99Ms'),
      cpuMs: of('cpuMs'),
    };
  });

export const lineOf = ({ system, perSecond, p50Ms, p99Ms, cpuMs }: Measured): string =>
  [system.padEnd(24), perSecond, p50Ms, p99Ms, cpuMs].map((cell) => String(cell).padStart(9)).join(' ');

export const HEAD = ['', 'events/s', 'p50 ms', 'p99 ms', 'cpu ms']
  .map((cell, at) => cell.padStart(at ? 9 : 24))
  .join(' ');

export function* tableOf(report: Report): Iterable<string> {
  yield `Medians of ${report.rounds} rounds on ${report.machine}`;
  yield HEAD;
  yield* mediansOf(report).map(lineOf);
  yield `Ours over theirs, round by round: median (min to max)`;
  for (const [name, { min, median: mid, max }] of Object.entries(report.ratios)) {
    yield `${name.padEnd(24)} ${mid} (${min} to ${max})`;
  }
}
