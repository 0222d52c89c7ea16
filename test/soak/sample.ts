import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { outboxLag } from '../../src/outbox/operators/lag';
import type { RunningStack } from '../support/running-stack';

/** What of the service may not grow. Postgres, Temporal and the sandbox keep what they are told. */
export const PROCESSES = ['api', 'worker', 'relay'] as const;
type Process = (typeof PROCESSES)[number];

export interface Sample {
  /** Since the beginning. */
  readonly minutes: number;
  /** Resident, in megabytes. */
  readonly memory: Readonly<Record<Process, number>>;
  /** To Postgres, from the whole stack. */
  readonly connections: number;
  /** Age of the oldest event that some sink has still to be given, in seconds. */
  readonly outboxAge: number;
  /** Checkouts that are accepted and have not ended. */
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
  if (pid === undefined) throw new Error('A part of the service does not run');
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Math.round((Number(stdout) * BYTES_A_KILOBYTE) / BYTES_A_MEGABYTE);
}
