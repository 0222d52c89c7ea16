import { within } from '../../src/runtime/time-limit';
import { eventually } from '../support/eventually';
import { askAgain, cancel, pageOf, place } from './customer';
import type { Differs } from './customer';
import type { Ends } from './ends';
import type { Acknowledged } from './judge';
import type { ChaosOptions } from './options';
import { planOrder } from './order-mix';
import type { PlannedOrder } from './order-mix';
import type { Payers } from './payers';
import type { Shop } from './shop';

/** Orders under way at the same time: what a fault meets. On two cores, more would queue and time out. */
const MOST_OPEN = 40;
/** As many of them are left under way when the faults stop. */
export const LEFT_OPEN = MOST_OPEN / 2;
/** An order that waits longer than this makes room for another; whether it ends is checked later. */
const OPEN_FOR_MS = 60_000;
const AT_ONCE_AFTERWARDS = 16;

export interface LoadPlan {
  readonly seed: number;
  readonly orders: number;
  readonly payments?: ChaosOptions['payments'];
  /** Who approves payments. */
  readonly payers: Payers;
  /** False while the faults of this moment are behind. */
  readonly mayGoOn: (through: number) => boolean;
  /** Whether an operator may have given up the order with this id. */
  readonly isGivenUp: (id: string) => boolean;
  readonly differs: (difference: string) => void;
}

/** Places orders, keeps a journal of what was acknowledged, and reports every difference. */
export class Load {
  readonly journal: Acknowledged[] = [];
  /** Orders that are no longer waited for. */
  through = 0;
  #begun = 0;
  #placed = 0;

  constructor(
    private readonly shop: Shop,
    private readonly ends: Ends,
    private readonly plan: LoadPlan,
  ) {}

  /** True once every order has been placed. */
  get isPlaced(): boolean {
    return this.#placed === this.plan.orders;
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: MOST_OPEN }, () => this.#customer(signal)));
  }

  /** Requests every acknowledged order once more; each must be answered. */
  async askForAll(signal: AbortSignal): Promise<void> {
    const left = [...this.journal];
    const ask = async () => {
      for (let next = left.pop(); next && !signal.aborted; next = left.pop()) {
        if (!(await this.#askAgain(next)) && !signal.aborted) this.#differs(next.order, 'no answer');
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE_AFTERWARDS }, ask));
  }

  async #customer(signal: AbortSignal): Promise<void> {
    while (this.#begun < this.plan.orders && !signal.aborted) {
      const number = this.#begun;
      this.#begun += 1;
      await eventually(() => signal.aborted || this.plan.mayGoOn(this.through) || undefined);
      await this.#buy(planOrder(this.plan.seed, number, this.plan.payments), signal);
      this.through += 1;
    }
  }

  async #buy(order: PlannedOrder, signal: AbortSignal): Promise<void> {
    const acknowledged = await place(this.shop, order, this.#differs);
    this.#placed += 1;
    if (!acknowledged) return;
    this.journal.push(acknowledged);
    const patience = within(OPEN_FOR_MS, signal);
    const ended = this.ends.of(order.id, patience);
    const counter = {
      page: () => pageOf(this.shop, order),
      cancel: () => cancel(this.shop, acknowledged, this.#differs),
      ended,
    };
    await this.plan.payers.visit(order, counter, patience);
    if (await ended) await this.#askAgain(acknowledged);
  }

  #askAgain(acknowledged: Acknowledged): Promise<boolean> {
    const givenUp = this.plan.isGivenUp(acknowledged.order.id);
    return askAgain(this.shop, { ...acknowledged, givenUp }, this.#differs);
  }

  readonly #differs: Differs = ({ key, id }, difference) => this.plan.differs(`${key} ${id}: ${difference}`);
}
