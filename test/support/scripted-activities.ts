import type { CheckoutActivities } from '../../src/contract/activities';
import type { OrderKey } from '../../src/contract/checkout';

export type ActivityName = keyof CheckoutActivities;

/** One call of an activity. `attempt` counts the calls of this activity for this order, from 1; `act` calls the real one. */
export interface ActivityCall {
  readonly name: ActivityName;
  readonly attempt: number;
  readonly order: OrderKey & { readonly byHand?: boolean };
  readonly act: () => Promise<unknown>;
}

/** Decides how each activity call of one order goes, and records the calls. */
export class Script {
  readonly calls: ActivityName[] = [];
  readonly #answers = new Map<ActivityName, number>();
  readonly #waiting: { condition: () => boolean; resolve: () => void }[] = [];

  constructor(private readonly handle: (call: ActivityCall, script: Script) => Promise<unknown>) {}

  async call(name: ActivityName, order: OrderKey, act: () => Promise<unknown>): Promise<unknown> {
    this.calls.push(name);
    this.#wakeWaiting();
    const attempt = this.calls.filter((each) => each === name).length;
    const answer = await this.handle({ name, order, act, attempt }, this);
    this.#answers.set(name, this.answers(name) + 1);
    this.#wakeWaiting();
    return answer;
  }

  /** How many calls of this activity have been answered. */
  readonly answers = (name: ActivityName): number => this.#answers.get(name) ?? 0;

  /** Resolves once `condition` holds; it is checked at each call and each answer. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ condition, resolve });
      this.#wakeWaiting();
    });
  }

  #wakeWaiting(): void {
    for (const { condition, resolve } of this.#waiting) if (condition()) resolve();
  }
}

/** The real activities, where each call follows the script of its order. */
export function scriptedActivities(real: CheckoutActivities) {
  const scripts = new Map<string, Script>();
  const activities = Object.fromEntries(
    Object.entries(real).map(([name, act]) => [
      name,
      (order: OrderKey) => {
        const script = scripts.get(order.checkoutId);
        if (!script) throw new Error(`${order.checkoutId} has no script`);
        return script.call(name as ActivityName, order, () => (act as (order: OrderKey) => Promise<unknown>)(order));
      },
    ]),
  ) as unknown as CheckoutActivities;
  return { activities, setScript: (order: OrderKey, script: Script) => scripts.set(order.checkoutId, script) };
}
