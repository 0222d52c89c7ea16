import { verification } from './aftermath';
import type { Verification } from './aftermath';
import { runCourse } from './course';
import type { Course } from './course';
import type { ProofOptions } from './options';
import type { Listener } from './progress-line';
import { setStage } from './stage';
import { FAULTS } from './victim';

/** The promises that depend on the outbox. */
const PROVED = 'P5,P7';
/** For an interrupted run, whose orders are still under way. */
const SETTLE_SECONDS = 60;

export interface Proof {
  readonly ok: boolean;
  /** Why not, one sentence each. */
  readonly failures: readonly string[];
  readonly seed: number;
  readonly orders: number;
  readonly acknowledged: number;
  /** By kind and relay. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often a lane moved from one relay to another. */
  readonly handovers: number;
  /** Checkouts by state. */
  readonly ends: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly promises: Verification['promises'];
}

/**
 * Places orders while two relays are killed and stopped, waits until everything has ended and every sink has every event, and checks it
 * from outside. If interrupted, it checks and reports what it has.
 */
export async function prove(options: ProofOptions, listener: Listener, interrupt: AbortSignal): Promise<Proof> {
  const { say } = listener;
  const startedAt = performance.now();
  const stage = await setStage(options, say);
  try {
    const course = await runCourse(stage, options, { listener, interrupt });
    say('Checking from outside');
    const checked = await verification(['--only', PROVED, ...stage.verifyOptions], {
      settle: interrupt.aborted ? SETTLE_SECONDS : 0,
    });
    const failures = interrupt.aborted ? ['It was interrupted'] : [];
    failures.push(...shortcomings(options, course, checked), ...unseen(stage.sinks, checked));
    return {
      ok: failures.length === 0,
      failures,
      seed: options.seed,
      orders: options.orders,
      acknowledged: course.acknowledged,
      faults: faultsIn(course),
      handovers: course.progress.handovers,
      ends: course.progress.ends,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
      promises: checked.promises,
    };
  } finally {
    say('Stopping');
    await stage.close();
  }
}

const faultsIn = ({ tormentors }: Course): Record<string, number> =>
  Object.fromEntries(
    tormentors.flatMap(({ victim, done }) => FAULTS.map((fault) => [`${fault} ${victim.name}`, done[fault]])),
  );

/** Why the proof fails: a difference, or too little that happened for the run to prove anything. */
function shortcomings({ orders, kills }: ProofOptions, course: Course, { ok, promises }: Verification): string[] {
  const { acknowledged, progress, failure } = course;
  const found = ok ? [] : ['Something is not as promised'];
  if (failure !== undefined) found.push(`The load stopped early: ${failure}`);
  if (acknowledged < orders) found.push(`Only ${acknowledged} of ${orders} orders were acknowledged`);
  for (const [fault, times] of Object.entries(faultsIn(course))) {
    if (times < kills) found.push(`${fault}: ${times} times instead of ${kills}`);
  }
  if (progress.underWay > 0) found.push(`${progress.underWay} orders did not end`);
  for (const [name, { pending }] of Object.entries(promises)) {
    if (pending > 0) found.push(`${name}: ${pending} are still pending`);
  }
  return found;
}

function unseen(sinks: readonly string[], { promises }: Verification): string[] {
  const seen = Object.keys(promises['P7']?.details ?? {}).map((row) => row.split('/')[0]);
  return sinks.filter((sink) => !seen.includes(sink)).map((sink) => `${sink} was not checked`);
}
