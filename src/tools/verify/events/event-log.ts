import type { Tally } from '../verdict';

/** What the checks keep of an event of the log. */
export interface LoggedEvent {
  readonly id: string;
  /** As in `CheckoutEvent`. */
  readonly type: string;
  readonly sequence: number;
  /** Of its bytes in structured mode. */
  readonly digest: string;
  /** In milliseconds since 1970. */
  readonly occurredAt: number;
  /** The sinks whose cursor had passed it. */
  readonly passedBy: readonly string[];
}

export interface LoggedOrder {
  readonly checkoutId: string;
  readonly tenant: string;
  /** In their order. The first is number 1, unless its day is no longer in the log. */
  readonly events: LoggedEvent[];
}

/** The log in Postgres as one snapshot shows it, by order: under a kilobyte an event. */
export class EventLog {
  readonly #orders = new Map<string, LoggedOrder>();
  readonly #parked = new Set<string>();

  /** In the order of the log. */
  add({ checkoutId, tenant }: { checkoutId: string; tenant: string }, event: LoggedEvent): void {
    const order = this.#orders.get(checkoutId) ?? { checkoutId, tenant, events: [] };
    this.#orders.set(checkoutId, order);
    order.events.push(event);
  }

  /** For this sink and target the event waits behind a failure. */
  park(sink: string, target: string, { checkoutId, sequence }: { checkoutId: string; sequence: number }): void {
    this.#parked.add(`${sink}/${target}/${checkoutId}/${sequence}`);
  }

  orders(): IterableIterator<LoggedOrder> {
    return this.#orders.values();
  }

  find(checkoutId: string, sequence: number): LoggedEvent | undefined {
    const events = this.#orders.get(checkoutId)?.events;
    return events?.[sequence - this.firstOf(checkoutId)];
  }

  count(checkoutId: string, type: string): number {
    return this.#orders.get(checkoutId)?.events.filter((event) => event.type === type).length ?? 0;
  }

  /** The number with which the log has the order begin; a day that was dropped may have held earlier ones. */
  firstOf(checkoutId: string): number {
    return this.#orders.get(checkoutId)?.events[0]?.sequence ?? Infinity;
  }

  /** The sink has it behind itself: cursor past it, and nothing parked. Then its own record must have it too. */
  isHandedOn(sink: string, target: string, checkoutId: string, event: LoggedEvent): boolean {
    return event.passedBy.includes(sink) && !this.#parked.has(`${sink}/${target}/${checkoutId}/${event.sequence}`);
  }

  /** The events of an order are numbered without a gap, in the order of their transactions, in the log already. */
  check(tally: Tally): void {
    for (const { checkoutId, events } of this.#orders.values()) {
      const first = events[0]?.sequence ?? 0;
      const wrong = events.find(({ sequence }, at) => sequence !== first + at);
      if (wrong) tally.violation('log-gap', checkoutId, `Number ${wrong.sequence} is out of turn in the log`);
    }
  }
}
