import { execFile } from 'node:child_process';
import path from 'node:path';
import { outboxLag } from '../../src/outbox/operators/lag';
import { packageRoot } from '../../src/local/stack/package-root';
import type { Verdict } from '../../src/tools/verify/verdict';
import type { RunningStack } from '../support/running-stack';

export interface Progress {
  /** Checkouts by state; those under way are `accepted` or `running`. */
  readonly ends: Readonly<Record<string, number>>;
  readonly ended: number;
  readonly underWay: number;
  /** Events that some sink does not have yet, parked ones included. */
  readonly lag: number;
  /** How often a lane changed hands. */
  readonly handovers: number;
}

export async function progressOf({ db }: Pick<RunningStack, 'db'>): Promise<Progress> {
  const [{ rows: states }, sinks] = await Promise.all([
    db.query<{ state: string; ended: boolean; count: bigint }>(
      `select state, ended_at is not null as ended, count(*) as count from checkouts group by 1, 2`,
    ),
    outboxLag(db),
  ]);
  const count = (wanted: boolean) =>
    states.filter(({ ended }) => ended === wanted).reduce((sum, state) => sum + Number(state.count), 0);
  const lags = sinks.map(({ pending, parked }) => pending + parked.waiting + parked.behind + parked.dead);
  const epochs = sinks.flatMap(({ lanes }) => lanes.map(({ epoch }) => epoch));
  return {
    ends: Object.fromEntries(states.map((each) => [each.state, Number(each.count)])),
    ended: count(true),
    underWay: count(false),
    lag: lags.reduce((sum, lag) => sum + lag, 0),
    handovers: epochs.reduce((sum, epoch) => sum + epoch, 0),
  };
}

export interface Verification {
  readonly ok: boolean;
  readonly asOf: string | null;
  readonly promises: Readonly<Record<string, Verdict>>;
}

const MOST_OUTPUT = 10_000_000;

/** Runs `verify` as any user would, with the given options. A violation is part of the answer; throws if the evidence cannot be read. */
export function verification(options: readonly string[], { settle }: { settle: number }): Promise<Verification> {
  const program = path.join(packageRoot(), 'dist/src/tools/cli/main.js');
  return new Promise((resolve, reject) => {
    const args = [program, 'verify', '--json', '--settle', String(settle), ...options];
    execFile(process.execPath, args, { maxBuffer: MOST_OUTPUT }, (error, stdout, stderr) => {
      const answer = stdout === '' ? undefined : (JSON.parse(stdout) as Verification);
      if (answer && answer.asOf !== null) resolve(answer);
      else reject(new Error(`verify could not check: ${stderr}`, { cause: error }));
    });
  });
}
