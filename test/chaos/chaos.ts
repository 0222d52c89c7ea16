import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { verification } from '../proof/aftermath';
import type { Verification } from '../proof/aftermath';
import { runCourse } from './course';
import type { Acknowledged } from './judge';
import type { ChaosOptions } from './options';
import { shortcomings } from './shortcomings';
import { endedByHandIn } from './ended-by-hand';
import { howToLook } from './how-to-look';
import { startWorld } from './world';
import type { World } from './world';

/** The object of `--json`. */
export interface Report {
  readonly ok: boolean;
  /** Why not, one sentence each. */
  readonly failures: readonly string[];
  readonly seed: number;
  readonly orders: number;
  readonly faultRate: number;
  /** API and worker were one process. */
  readonly oneProcess: boolean;
  readonly acknowledged: number;
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Checkouts by state. */
  readonly ends: Readonly<Record<string, number>>;
  readonly settledAfterMs: number;
  readonly seconds: number;
  /** What the load client saw that contradicts the contract. */
  readonly differences: readonly string[];
  readonly promises: Verification['promises'];
  /** The directory with the data and logs of a failed run. */
  readonly kept: string | null;
}

/** Places orders while everything fails, waits until everything has settled, and checks it from outside. If interrupted, it reports what it has. */
export async function runChaos(
  options: ChaosOptions,
  say: (sentence: string) => void,
  interrupt: AbortSignal,
): Promise<Report> {
  const startedAt = performance.now();
  say('Starting Postgres, Temporal, Valkey, the sandbox and the service');
  const world = await startWorld(say, options);
  try {
    const report = await reportOn(world, options, { say, interrupt, startedAt });
    if (report.kept === null) return report;
    world.keep();
    writeFileSync(path.join(report.kept, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    return report;
  } catch (error) {
    if (!interrupt.aborted) {
      world.keep();
      say(howToLook(world.dataDir));
    }
    throw error;
  } finally {
    say('Stopping');
    await world.close();
  }
}

interface Surroundings {
  readonly say: (sentence: string) => void;
  readonly interrupt: AbortSignal;
  readonly startedAt: number;
}

async function reportOn(world: World, options: ChaosOptions, around: Surroundings): Promise<Report> {
  const { say, interrupt, startedAt } = around;
  const course = await runCourse(world, options, interrupt);
  say(`Settled after ${course.settledAfterMs} ms. Checking from outside`);
  const journal = path.join(world.dataDir, 'acknowledged.jsonl');
  writeFileSync(journal, course.journal.map(acknowledgementLine).join(''));
  const verifyOptions = [
    '--data-dir',
    world.dataDir,
    '--acknowledged',
    journal,
    '--ended-by-hand',
    endedByHandIn(world),
  ];
  const checked = await verification(verifyOptions, { settle: 0 });
  const { struck: faults, differences, settledAfterMs } = course;
  const acknowledged = course.journal.length;
  const found = [...shortcomings({ ...course, acknowledged }, options, checked)];
  const failures = [...(interrupt.aborted ? ['It was interrupted'] : []), ...found];
  return {
    ok: failures.length === 0,
    failures,
    seed: options.seed,
    orders: options.orders,
    faultRate: options.faultRate,
    oneProcess: options.oneProcess === true,
    acknowledged,
    faults,
    ends: course.progress.ends,
    settledAfterMs,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    differences,
    promises: checked.promises,
    // An interrupted run needs no explanation.
    kept: failures.length === 0 || interrupt.aborted || options.forget === true ? null : world.dataDir,
  };
}

/** In the form that `verify --acknowledged` reads. Only the client knows what it was told. */
const acknowledgementLine = ({ order: { tenant, key, id } }: Acknowledged): string =>
  `${JSON.stringify({ tenant, key, id })}\n`;
