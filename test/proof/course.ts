import { setTimeout as rest } from 'node:timers/promises';
import { within } from '../../src/runtime/time-limit';
import { progressOf } from './aftermath';
import type { Progress } from './aftermath';
import { Load } from './load';
import type { ProofOptions } from './options';
import { progressLine } from './progress-line';
import type { Listener } from './progress-line';
import type { Stage } from './stage';
import { Tormentor } from './tormentor';

/** Time limits per order, per fault, and for draining at the end. Even a proof that hangs must end; generous, for slow machines. */
const MOST_MS = { order: 1_000, fault: 30_000, drain: 900_000 };
const LOOK_EVERY_MS = 1_000;
const MOST_UNDER_WAY = 100;

/** What happened in a run. */
export interface Course {
  readonly acknowledged: number;
  readonly tormentors: readonly Tormentor[];
  /** At the end. */
  readonly progress: Progress;
  /** Why the run did not finish, if it did not. */
  readonly failure: string | undefined;
}

/** Places the orders while the relays are tormented, then waits until all orders have ended and every sink has every event. */
export async function runCourse(
  { stack, relays }: Stage,
  { seed, orders, kills }: ProofOptions,
  { listener, interrupt }: { listener: Listener; interrupt: AbortSignal },
): Promise<Course> {
  const tormentors = relays.map((victim) => new Tormentor(victim, { seed, orders, times: kills }));
  let progress = await progressOf(stack);
  // Faults are timed by acknowledged orders and must meet events: neither may get far ahead of the other.
  const mayGoOn = (acknowledged: number) =>
    acknowledged - progress.ended < MOST_UNDER_WAY && tormentors.every((each) => each.owed(acknowledged) <= 1);
  const load = new Load(stack, { seed, orders, mayGoOn });
  const line = progressLine(orders, listener);
  const look = async () => {
    // Postgres may be busy; the next look will do.
    progress = await progressOf(stack).catch(() => progress);
    line.show({ ...progress, acknowledged: load.acknowledged, ...faultsOf(tormentors) });
  };

  line.begin();
  const signal = within(orders * MOST_MS.order + 2 * kills * MOST_MS.fault, interrupt);
  const acts = [load.run(signal), ...tormentors.map((each) => each.run(() => load.acknowledged, signal))];
  const failure = await watched(Promise.all(acts), look);
  const patience = within(MOST_MS.drain, interrupt);
  do await look();
  while (!isOver(progress) && (await rest(LOOK_EVERY_MS, true, { signal: patience }).catch(() => false)));
  line.end();
  return { acknowledged: load.acknowledged, tormentors, progress, failure };
}

const isOver = ({ underWay, lag }: Progress): boolean => underWay === 0 && lag === 0;

const faultsOf = (tormentors: readonly Tormentor[]) => ({
  kills: tormentors.reduce((sum, { done }) => sum + done.kill, 0),
  stops: tormentors.reduce((sum, { done }) => sum + done.stop, 0),
});

/** Looks every second until the work is done; returns why it failed, if it did. */
async function watched(work: Promise<unknown>, look: () => Promise<void>): Promise<string | undefined> {
  let isDone = false;
  const outcome = work
    .then(
      () => undefined,
      (error: Error) => error.message,
    )
    .finally(() => (isDone = true));
  while (!isDone) {
    await look();
    await Promise.race([rest(LOOK_EVERY_MS), outcome]);
  }
  return outcome;
}
