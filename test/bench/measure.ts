import { readFileSync } from 'node:fs';
import os from 'node:os';
import autocannon from 'autocannon';

export interface Measured {
  readonly system: string;
  readonly concurrency: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor milliseconds of the server's process per request. */
  readonly cpuMs: number;
}

export interface Load {
  readonly system: string;
  readonly pid: number;
  readonly request: autocannon.Options;
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const MS_A_TICK = 10;

/** User and system time of a process so far, in milliseconds. */
export function cpuOf(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = after.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
}

/** One measurement: `seconds` of load on a loopback address from `concurrency` connections. Throws if any answer is not 2xx. */
export async function measure({ system, pid, request }: Load, concurrency: number, seconds: number): Promise<Measured> {
  const before = cpuOf(pid);
  const result = await autocannon({ ...request, connections: concurrency, duration: seconds });
  const cpu = cpuOf(pid) - before;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${system} gave ${result.non2xx} answers other than 2xx, and failed ${result.errors} times`);
  }
  return {
    system,
    concurrency,
    perSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMs: Number((cpu / result.requests.total).toFixed(3)),
  };
}

export const machine = (): string =>
  `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}`;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
};

/** Ours divided by theirs, for each round that both have. */
export function ratio(ours: readonly Measured[], theirs: readonly Measured[]) {
  const ratios = ours
    .slice(0, theirs.length)
    .map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? NaN));
  const [min, mid, max] = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((r) => Number(r.toFixed(3)));
  return { min, median: mid, max };
}
