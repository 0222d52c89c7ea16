import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { verification } from '../proof/aftermath';
import type { Verification } from '../proof/aftermath';
import { runCourse } from './course';
import type { Acknowledged } from './judge';
import type { ChaosOptions } from './options';
import { shortcomings } from './shortcomings';
import { startWorld } from './world';

/** The object of `--json`. */
export interface Report {
  readonly ok: boolean;
  /** Why not, a sentence each. */
  readonly failures: readonly string[];
  readonly seed: number;
  readonly orders: number;
  readonly faultRate: number;
  /** API and worker were one. */
  readonly oneProcess: boolean;
  readonly acknowledged: number;
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Checkouts by state. */
  readonly ends: Readonly<Record<string, number>>;
  readonly settledAfterMs: number;
  readonly seconds: number;
  /** What the load client saw. */
  readonly differences: readonly string[];
  readonly promises: Verification['promises'];
}

/** Places orders while everything fails, waits until all has settled, and has it checked from outside. Interrupted, it reports what there is. */
export async function runChaos(
  options: ChaosOptions,
  say: (sentence: string) => void,
  interrupt: AbortSignal,
): Promise<Report> {
  const startedAt = performance.now();
  say('Starting Postgres, Temporal, Valkey, the sandbox and the service');
  const world = await startWorld(say, options);
  try {
    const course = await runCourse(world, options, interrupt);
    say(`Settled after ${course.settledAfterMs} ms. Checking from outside`);
    const journal = path.join(world.dataDir, 'acknowledged.jsonl');
    writeFileSync(journal, course.journal.map(acknowledgementLine).join(''));
    const places = ['--data-dir', world.dataDir, '--acknowledged', journal];
    const checked = await verification(places, { settle: 0 });
    const { struck: faults, differences, settledAfterMs } = course;
    const acknowledged = course.journal.length;
    const failures = [
      ...(interrupt.aborted ? ['It was interrupted'] : []),
      ...shortcomings({ ...course, acknowledged }, options, checked),
    ];
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
    };
  } finally {
    say('Stopping');
    await world.close();
  }
}

/** As `verify --acknowledged` reads it: what a client was told, and nobody else wrote down. */
const acknowledgementLine = ({ order: { tenant, key, id } }: Acknowledged): string =>
  `${JSON.stringify({ tenant, key, id })}\n`;
