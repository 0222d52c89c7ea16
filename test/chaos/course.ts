import { setTimeout as rest } from 'node:timers/promises';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import { within } from '../../src/runtime/time-limit';
import { progressOf } from '../proof/aftermath';
import type { Progress } from '../proof/aftermath';
import { Draws } from '../proof/draws';
import { Ends } from './ends';
import { repairAtRandom } from './faults/repair-at-random';
import type { Injector } from './injector';
import type { Acknowledged } from './judge';
import { Load } from './load';
import type { ChaosOptions } from './options';
import { Payers } from './payers';
import { planStorm } from './plan';
import { progressLine } from './progress-line';
import { Shop } from './shop';
import { Storm } from './storm';
import type { World } from './world';

/** Even a run that hangs must end. Generous, for slow machines. */
const MOST_MS = { order: 2_000, start: 180_000 };
/** P3: this long after the last fault, every checkout has ended and its workflow is closed. */
const SETTLED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const OPEN_WORKFLOWS = `WorkflowType = '${CHECKOUT_WORKFLOW}' and ExecutionStatus = 'Running'`;

/** What happened in a run. */
export interface Course {
  /** What was acknowledged. */
  readonly journal: readonly Acknowledged[];
  /** How often each kind of fault struck, and the kinds that struck too rarely. */
  readonly struck: Readonly<Record<string, number>>;
  readonly lacking: readonly string[];
  /** What the load client saw that contradicts the contract. */
  readonly differences: readonly string[];
  /** Payments that their customers approved, and how many of them the service did not see in time. */
  readonly approvals: { readonly taken: number; readonly tooLate: number };
  /** At the end. */
  readonly progress: Progress;
  /** Workflows of checkouts that had not closed by the end. */
  readonly openWorkflows: number;
  /** How long after everything worked again all checkouts had ended, their workflows were closed, and all events were delivered. */
  readonly settledAfterMs: number;
}

/** Places the orders while the storm rages, waits until everything has settled, and requests every order again. */
export async function runCourse(world: World, options: ChaosOptions, interrupt: AbortSignal): Promise<Course> {
  const [broken, over] = [new AbortController(), new AbortController()];
  const signal = within(options.orders * MOST_MS.order + MOST_MS.start, interrupt, broken.signal);
  const operators = repairAtRandom(world, new Draws(options.seed, 'operators'));
  const payers = new Payers({ ...world, seed: options.seed });
  const people = [operators, ...(options.payments ? [payers] : [])];
  const storm = new Storm(planStorm(world, options, people));
  const ends = new Ends(world.db);
  const load = new Load(new Shop(world.api, interrupt), ends, {
    ...options,
    payers,
    mayGoOn: (through) => storm.mayGoOn(through),
    isGivenUp: (id) => world.givenUp.has(id),
    differs: world.differs,
  });
  const watching = [ends.watch(over.signal), showProgress({ world, storm, load, options }, over.signal)];
  try {
    const settling = storm
      .rage(() => load.through, signal)
      .then(() => recovered(world))
      .then(() => whileAtWork(operators, () => settled(world, load, interrupt)));
    const [settlement] = await Promise.all([settling, load.run(signal)]).catch((error: unknown) => {
      broken.abort();
      throw error;
    });
    await load.askForAll(interrupt);
    const { journal } = load;
    const { differences } = world;
    const { struck, lacking } = storm;
    const approvals = { taken: payers.approved.size, tooLate: await abandonedOf(world, payers.approved) };
    return { journal, struck, lacking, differences, approvals, ...settlement };
  } finally {
    over.abort();
    await Promise.all(watching);
  }
}

/** Keeps the operators at work, so that what waits for them when the faults stop is settled too. */
async function whileAtWork<T>(operators: Injector, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const working = operators.run(over.signal);
  return work().finally(() => {
    over.abort();
    return working;
  });
}

/** Returns when everything works again and no half-open connection is left. */
async function recovered({ parts, roads }: World): Promise<void> {
  for (const road of roads) road.calm();
  await parts.recover();
}

/** Waits, for the promised time at most, until every checkout and its workflow have ended and every event is delivered. */
async function settled(
  world: World,
  load: Load,
  interrupt: AbortSignal,
): Promise<Pick<Course, 'progress' | 'openWorkflows' | 'settledAfterMs'>> {
  const since = performance.now();
  let lastFaultAt = since;
  for (;;) {
    const progress = await progressIn(world);
    const { count: openWorkflows } = await world.temporal.workflow.count(OPEN_WORKFLOWS);
    const settledAfterMs = Math.round(performance.now() - since);
    const isSettled = load.isPlaced && progress.underWay + progress.lag + openWorkflows === 0;
    lastFaultAt = Math.max(lastFaultAt, await lastOpening(world), await lastDecision(world));
    if (isSettled || interrupt.aborted || performance.now() - lastFaultAt > SETTLED_WITHIN_MS)
      return { progress, openWorkflows, settledAfterMs };
    await rest(LOOK_EVERY_MS);
  }
}

/** When a breaker opened that is still open: P3 counts that as a fault, because until it closes orders wait. */
async function lastOpening({ db }: World): Promise<number> {
  const { rows } = await db.query<{ agoMs: number | null }>(
    `select (extract(epoch from now() - max(since)) * 1000)::float8 as "agoMs" from provider_breakers where state <> 'closed'`,
  );
  return performance.now() - (rows[0]?.agoMs ?? Infinity);
}

/** When the last payment of an open order was decided, or must be, which may be yet to come: P3 counts from then. */
async function lastDecision({ db }: World): Promise<number> {
  const { rows } = await db.query<{ agoMs: number | null }>(
    `select (extract(epoch from now() - max(coalesce(settled_at, deadline))) * 1000)::float8 as "agoMs"
       from payment_waits
       join checkouts on id = checkout_id
      where ended_at is null`,
  );
  return performance.now() - (rows[0]?.agoMs ?? Infinity);
}

async function abandonedOf({ db }: World, approved: ReadonlySet<string>): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from checkouts where id = any ($1) and refusal = 'PaymentAbandoned'`,
    [[...approved]],
  );
  return rows[0]?.count ?? 0;
}

/** Events that can never arrive do not count as lag. */
async function progressIn(world: World): Promise<Progress> {
  const undeliverable = await world.endpoints.undeliverable(world.db);
  const progress = await progressOf(world);
  return { ...progress, lag: Math.max(0, progress.lag - undeliverable) };
}

async function showProgress(
  { world, storm, load, options }: { world: World; storm: Storm; load: Load; options: ChaosOptions },
  signal: AbortSignal,
): Promise<void> {
  const line = progressLine(options.orders);
  line.begin();
  while (await rest(LOOK_EVERY_MS, true, { signal }).catch(() => false)) {
    // Postgres may be down; the next look will do.
    const progress = await progressIn(world).catch(() => undefined);
    if (!progress) continue;
    const faults = Object.values(storm.struck).reduce((sum, times) => sum + times, 0);
    const counters = { phase: storm.phase, faults, ended: progress.ended, differences: world.differences.length };
    line.show(load.journal.length, counters);
  }
  line.end();
}
