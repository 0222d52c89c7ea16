import type { CheckoutActivities } from '../../src/contract/activities';
import type { OrderKey } from '../../src/contract/checkout';

export type ActivityName = keyof CheckoutActivities;

/** One call of an activity: which attempt it is of this order, and the real thing. */
export interface StagedCall {
  readonly name: ActivityName;
  readonly attempt: number;
  readonly order: OrderKey & { readonly byHand?: boolean };
  readonly act: () => Promise<unknown>;
}

/** What happens at the activity boundary of one order. */
export class Play {
  readonly calls: ActivityName[] = [];
  readonly #answered = new Map<ActivityName, number>();
  readonly #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  constructor(private readonly direct: (call: StagedCall) => Promise<unknown>) {}

  async call(name: ActivityName, order: OrderKey, act: () => Promise<unknown>): Promise<unknown> {
    this.calls.push(name);
    this.#look();
    const answer = await this.direct({ name, order, act, attempt: this.called(name) });
    this.#answered.set(name, this.answered(name) + 1);
    this.#look();
    return answer;
  }

  readonly called = (name: ActivityName): number => this.calls.filter((each) => each === name).length;
  readonly answered = (name: ActivityName): number => this.#answered.get(name) ?? 0;

  /** Resolves when `holds` does; looked at with every call and answer. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ holds, resolve });
      this.#look();
    });
  }

  #look(): void {
    for (const { holds, resolve } of this.#waiting) if (holds()) resolve();
  }
}

/** The real activities, each call directed by the play of its order. */
export function stagedActivities(real: CheckoutActivities) {
  const plays = new Map<string, Play>();
  const activities = Object.fromEntries(
    Object.entries(real).map(([name, act]) => [
      name,
      (order: OrderKey) => {
        const play = plays.get(order.checkoutId);
        if (!play) throw new Error(`Nobody staged ${order.checkoutId}`);
        return play.call(name as ActivityName, order, () => (act as (order: OrderKey) => Promise<unknown>)(order));
      },
    ]),
  ) as unknown as CheckoutActivities;
  return { activities, stage: (order: OrderKey, play: Play) => plays.set(order.checkoutId, play) };
}
