import { CancellationScope, patched, workflowInfo } from '@temporalio/workflow';
import type { OrderKey } from '../src/contract/checkout';
import { refusalIn } from './reason';

type Act = (order: OrderKey) => Promise<object | null>;

/** Started, scheduled, started; a cancel or a change of worker in between adds one each, and a lost attempt adds three. */
const EVENTS_WITH_A_LOST_ATTEMPT = 6;

/**
 * Whether a worker died with the first workflow task. On replay the marker decides, not the length: the SDK replays a task that only
 * extended itself together with the next one, and then the history looks longer than it was.
 */
const hasLostItsFirstTask = (): boolean =>
  workflowInfo().historyLength >= EVENTS_WITH_A_LOST_ATTEMPT && patched('first-task-lost');

/**
 * In the fast lane a step's first attempt is a local activity: it runs inside the workflow task, and is in no history until that task has
 * ended. If it fails, the step is retried as a regular activity, which everybody can see. A cancel does not reach the first attempt: the
 * attempt is short, and the step after it finds the cancel in Postgres.
 *
 * An order that meets trouble leaves the lane for good. In the lane, a worker's death loses a whole task, and Temporal waits longer before
 * each new attempt at it. Outside the lane, a death loses one attempt of one step.
 */
export function inFastLane() {
  const shielded = new CancellationScope({ cancellable: false });
  let hasLeft = hasLostItsFirstTask();
  return (first: Act, others: Act): Act =>
    async (order) => {
      if (hasLeft || CancellationScope.current().consideredCancelled) return others(order);
      try {
        return await shielded.run(() => first(order));
      } catch (cause) {
        if (refusalIn(cause)) throw cause;
        hasLeft = patched('left-the-fast-lane');
        return others(order);
      }
    };
}
