import { CancellationScope } from '@temporalio/workflow';
import type { OrderKey } from '../src/contract/checkout';
import { refusalIn } from './reason';

type Act = (order: OrderKey) => Promise<object | null>;

/**
 * How a step is tried in the fast lane: the first attempt is a local activity, inside the workflow task and in no history until that has
 * ended. Whatever does not work there is tried on as a regular activity, which everybody sees. A cancel does not reach the first attempt:
 * it takes a moment, and the step after it finds the cancel in Postgres.
 */
export function inFastLane() {
  const shielded = new CancellationScope({ cancellable: false });
  return <Activity extends Act>(first: Activity, others: Activity): Activity => {
    const act = async (order: OrderKey) => {
      if (CancellationScope.current().consideredCancelled) return others(order);
      try {
        return await shielded.run(() => first(order));
      } catch (cause) {
        if (refusalIn(cause)) throw cause;
        return others(order);
      }
    };
    return act as Activity;
  };
}
