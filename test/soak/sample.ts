import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { outboxLag } from '../../src/outbox/operators/lag';
import type { RunningStack } from '../support/running-stack';

/** The processes whose memory must not grow. Postgres, Temporal and the sandbox store what they are given. */
export const PROCESSES = ['api', 'worker', 'relay'] as const;
type Process = (typeof PROCESSES)[number];

export interface Sample {
  /** Minutes since the beginning. */
  readonly minutes: number;
  /** Resident memory, in megabytes. */
  readonly memory: Readonly<Record<Process, number>>;
  /** Connections to Postgres from the whole stack. */
  readonly connections: number;
  /** Age of the oldest event that some sink does not have yet, in seconds. */
  readonly outboxAge: number;
  /** Accepted checkouts that have not ended. */
  readonly underWay: number;
}

const BYTES_A_KILOBYTE = 1_024;
const BYTES_A_MEGABYTE = 1e6;

export async function takeSample({ db, file }: RunningStack, minutes: number): Promise<Sample> {
  const [memory, sinks, { rows }] = await Promise.all([
    Promise.all(PROCESSES.map(async (name) => [name, await megabytesOf(file.pids[name])] as const)),
    outboxLag(db),
    db.query<{ connections: bigint; underWay: bigint }>(
      `select (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
              (select count(*) from checkouts where ended_at is null) as "underWay"`,
    ),
  ]);
  return {
    minutes,
    memory: Object.fromEntries(memory) as Sample['memory'],
    connections: Number(rows[0]?.connections),
    outboxAge: Math.max(0, ...sinks.map(({ oldestSeconds }) => oldestSeconds ?? 0)),
    underWay: Number(rows[0]?.underWay),
  };
}

async function megabytesOf(pid: number | undefined): Promise<number> {
  if (pid === undefined) throw new Error('A process of the service is not running');
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Math.round((Number(stdout) * BYTES_A_KILOBYTE) / BYTES_A_MEGABYTE);
}
