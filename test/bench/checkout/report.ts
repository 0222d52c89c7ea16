import { groupBy } from './group-by';
import { machine, median, ratio } from '../measure';
import type { Measured } from '../measure';
import { growthRatio } from './growth-ratio';
import type { Result } from './result';

type Row = Measured & Partial<Pick<Result, 'cpuByProcess' | 'peakMbByProcess'>>;

export interface Report {
  readonly machine: string;
  readonly rounds: number;
  readonly results: readonly Row[];
  /** Ours over theirs. */
  readonly ratios: Readonly<Record<string, ReturnType<typeof ratio>>>;
}

/** Which of our results is divided by which of theirs. */
const RATIOS: Readonly<Record<string, string>> = {
  naive: 'http',
  local: 'http',
  idle: 'http',
  empty: 'http',
  dbos: 'http',
  restate: 'http',
  apart: 'http',
  direct: 'http',
  redisGet: 'replay',
  nodeIdempotency: 'replay',
  start: 'accept',
};

/** The concurrency of the targets. A system that was not measured at it is compared at its last one. */
const RATIOS_AT = 40;

export function reportOf(results: readonly Row[], rounds: number): Report {
  const ratios = Object.entries(RATIOS).flatMap(([theirs, ours]) => {
    const concurrencies = [
      ...new Set(results.filter(({ system }) => system === theirs).map((each) => each.concurrency)),
    ];
    const at = concurrencies.includes(RATIOS_AT) ? RATIOS_AT : concurrencies.at(-1);
    const of = (name: string) => results.filter(({ system, concurrency }) => system === name && concurrency === at);
    return of(ours).length > 0 && of(theirs).length > 0 ? [[theirs, ratio(of(ours), of(theirs))] as const] : [];
  });
  const grown = growthRatio(results);
  return { machine: machine(), rounds, results, ratios: { ...Object.fromEntries(ratios), ...(grown && { grown }) } };
}

/** The medians of the rounds, a row for each system and concurrency. */
export function mediansOf({ results }: Pick<Report, 'results'>): Row[] {
  const groups = groupBy(results, ({ system, concurrency }) => `${system} ${concurrency}`);
  return [...groups.values()].map((own) => {
    const of = (figure: 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuMs') => median(own.map((result) => result[figure]));
    const figures = { perSecond: of('perSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), cpuMs: of('cpuMs') };
    return { ...(own[0] as Row), ...figures, ...mediansByProcess(own) };
  });
}

function mediansByProcess(rows: readonly Row[]) {
  const [first] = rows;
  if (!first?.cpuByProcess) return {};
  const of = (figure: 'cpuByProcess' | 'peakMbByProcess') =>
    Object.fromEntries(
      Object.keys(first[figure] ?? {}).map((name) => [name, median(rows.map((row) => row[figure]?.[name] ?? NaN))]),
    );
  return { cpuByProcess: of('cpuByProcess'), peakMbByProcess: of('peakMbByProcess') };
}

const COLUMNS = ['clients', 'per s', 'p50 ms', 'p99 ms', 'cpu ms'];
const HEAD = ['', ...COLUMNS].map((cell, at) => cell.padStart(at ? 9 : 16)).join(' ');

export function* tableOf(report: Report): Iterable<string> {
  yield `Medians of ${report.rounds} rounds on ${report.machine}`;
  yield `${HEAD}  cpu ms by process; peak MB by process`;
  yield* mediansOf(report).map(lineOf);
  yield 'Ours over theirs, round by round: median (min to max)';
  for (const [name, { min, median: mid, max }] of Object.entries(report.ratios)) {
    yield `${name.padEnd(16)} ${mid} (${min} to ${max})`;
  }
}

function lineOf({ system, concurrency, perSecond, p50Ms, p99Ms, cpuMs, ...row }: Row): string {
  const cells = [concurrency, perSecond, p50Ms, p99Ms, cpuMs].map((cell) => String(cell).padStart(9));
  return [system.padEnd(16), ...cells, ` ${listed(row.cpuByProcess)}; ${listed(row.peakMbByProcess)}`].join(' ');
}

const listed = (figures: Readonly<Record<string, number>> = {}): string =>
  Object.entries(figures)
    .map(([name, figure]) => `${name} ${figure}`)
    .join(', ');
