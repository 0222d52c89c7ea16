import { CancellationScope, patched, workflowInfo } from '@temporalio/workflow';
import type { OrderKey } from '../src/contract/checkout';
import { refusalIn } from './reason';

type Act = (order: OrderKey) => Promise<object | null>;

/** Started, scheduled, started; a cancel or a change of worker in between adds one each, and an attempt that was lost adds three. */
const EVENTS_WITH_A_LOST_ATTEMPT = 6;

/**
 * Whether a worker died with the first workflow task. The marker decides on replay, not the length: the SDK replays a task that only
 * prolonged itself together with the next one, and then the history looks longer than it was.
 */
const hasLostItsFirstTask = (): boolean =>
  workflowInfo().historyLength >= EVENTS_WITH_A_LOST_ATTEMPT && patched('first-task-lost');

/**
 * How a step is tried in the fast lane: the first attempt is a local activity, inside the workflow task and in no history until that task
 * has ended. What does not work there is retried as a regular activity, which everybody sees. A cancel does not reach the first attempt: it
 * takes a moment, and the step after it finds the cancel in Postgres.
 *
 * An order that meets trouble leaves the lane for good. A worker's death loses a whole task, and Temporal waits longer for each attempt at
 * it; of an order outside the lane a death loses one attempt of one step.
 */
export function inFastLane() {
  const shielded = new CancellationScope({ cancellable: false });
  let hasLeft = hasLostItsFirstTask();
  return <Activity extends Act>(first: Activity, others: Activity): Activity => {
    const act = async (order: OrderKey) => {
      if (hasLeft || CancellationScope.current().consideredCancelled) return others(order);
      try {
        return await shielded.run(() => first(order));
      } catch (cause) {
        if (refusalIn(cause)) throw cause;
        hasLeft = patched('left-the-fast-lane');
        return others(order);
      }
    };
    return act as Activity;
  };
}
