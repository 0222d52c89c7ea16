import type { Tally } from '../verdict';

/** What the checks keep of an event in the log. */
export interface LoggedEvent {
  readonly id: string;
  /** As in `CheckoutEvent`. */
  readonly type: string;
  readonly sequence: number;
  /** Digest of its bytes in structured mode. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  /** The sinks whose cursors had passed it. */
  readonly passedBy: readonly string[];
}

export interface LoggedOrder {
  readonly checkoutId: string;
  readonly tenant: string;
  /** In order. The first has sequence 1, unless its day is no longer in the log. */
  readonly events: LoggedEvent[];
}

/** The log in Postgres as one snapshot shows it, by order; it takes less than a kilobyte per event. */
export class EventLog {
  readonly #orders = new Map<string, LoggedOrder>();
  readonly #parked = new Set<string>();

  /** In the order of the log. */
  add({ checkoutId, tenant }: { checkoutId: string; tenant: string }, event: LoggedEvent): void {
    const order = this.#orders.get(checkoutId) ?? { checkoutId, tenant, events: [] };
    this.#orders.set(checkoutId, order);
    order.events.push(event);
  }

  /** Notes that the event is parked for this sink and target. */
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

  /** The sequence of the order's first event in the log; earlier ones may have been in a day that was dropped. */
  firstOf(checkoutId: string): number {
    return this.#orders.get(checkoutId)?.events[0]?.sequence ?? Infinity;
  }

  /** True if the sink's cursor has passed the event and it is not parked: then the sink's own record must have it. */
  isHandedOn(sink: string, target: string, checkoutId: string, event: LoggedEvent): boolean {
    return event.passedBy.includes(sink) && !this.#parked.has(`${sink}/${target}/${checkoutId}/${event.sequence}`);
  }

  /** In the log itself, the events of an order are numbered without a gap, in the order of their transactions. */
  check(tally: Tally): void {
    for (const { checkoutId, events } of this.#orders.values()) {
      const first = events[0]?.sequence ?? 0;
      const wrong = events.find(({ sequence }, at) => sequence !== first + at);
      if (wrong) tally.violation('log-gap', checkoutId, `Event ${wrong.sequence} is out of order in the log`);
    }
  }
}
