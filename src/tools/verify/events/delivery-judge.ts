import { ALWAYS_WHOLE } from './delivery';
import type { Delivery, SinkRecord } from './delivery';
import type { LoggedOrder } from './event-log';
import type { CheckContext } from './check-context';
import { Progress } from './progress';

export interface SinkUnderCheck {
  /** For people. */
  readonly name: string;
  /** The names in cursors and parked events. */
  readonly sink: string;
  readonly target: string;
  /** Whether the events of an order go there at all. */
  readonly wants: (order: LoggedOrder) => boolean;
  readonly record: SinkRecord;
}

type Arrival = NonNullable<Delivery['event']>;

/** Takes the deliveries one by one, then reports what is missing. */
export class DeliveryJudge {
  readonly #progresses = new Map<string, Progress>();
  /** Deliveries of events that the log did not have when it was read. */
  readonly #strangers: { place: string; event: Arrival }[] = [];

  constructor(
    private readonly under: SinkUnderCheck,
    private readonly context: CheckContext,
  ) {}

  take({ place, event }: Delivery): void {
    this.context.figures.deliveries += 1;
    if (event === null) return this.#uncommitted(null, `${place} is not one of our events`);
    const known = this.context.log.find(event.checkoutId, event.sequence);
    if (known) this.#compare(place, event, known);
    else this.#strangers.push({ place, event });
    this.#arrive(place, event);
  }

  /** Every event that the sink's cursor has passed must have arrived. */
  missing({ checkoutId, events }: LoggedOrder): void {
    const { name, sink, target } = this.under;
    const { log, tally, figures } = this.context;
    const progress = this.#progresses.get(checkoutId);
    for (const event of events) {
      tally.checked += 1;
      figures.events += 1;
      if (progress?.has(event.sequence)) continue;
      if (!log.isHandedOn(sink, target, checkoutId, event)) {
        figures.pending += 1;
        tally.pending += 1;
      } else if (!this.#isExcused(checkoutId, event.sequence)) {
        figures.missing += 1;
        tally.violation('missing', checkoutId, `${name} is missing event ${event.sequence}, ${event.type}`);
      }
    }
  }

  /** An event that the log did not have was committed since, is older than the log, or was never committed. */
  async strangers(): Promise<void> {
    if (this.#strangers.length === 0) return;
    const later = await this.context.askLater([...new Set(this.#strangers.map(({ event }) => event.checkoutId))]);
    for (const { place, event } of this.#strangers) {
      const { checkoutId, sequence } = event;
      const known = later.events.get(`${checkoutId}/${sequence}`);
      if (known) this.#compare(place, event, known);
      else if (!later.older.has(checkoutId))
        this.#uncommitted(checkoutId, `${place}: the log has no event ${sequence}`);
    }
  }

  #compare(place: string, event: Arrival, known: { id: string; digest: string }): void {
    const { checkoutId, sequence, id, digest } = event;
    if (id !== known.id) {
      this.#uncommitted(checkoutId, `${place}: event ${sequence} has id ${id}, but not in the log`);
    } else if (digest !== known.digest) {
      this.context.figures.changed += 1;
      this.context.tally.violation(
        'changed',
        checkoutId,
        `${place}: event ${sequence} differs from its bytes in the log`,
      );
    }
  }

  #arrive(place: string, { checkoutId, sequence }: Arrival): void {
    const { figures, tally } = this.context;
    const progress = this.#progresses.get(checkoutId) ?? new Progress();
    this.#progresses.set(checkoutId, progress);
    if (progress.has(sequence)) {
      figures.duplicates += 1;
      return;
    }
    let owed = progress.next;
    while (owed < sequence && this.#isExcused(checkoutId, owed)) owed += 1;
    progress.beginAt(owed);
    if (owed < sequence) {
      figures.outOfOrder += 1;
      tally.violation('out-of-order', checkoutId, `${place}: event ${sequence} came before event ${owed}`);
    }
    progress.arrive(sequence);
  }

  /** True for events from before the record is whole, even if they are no longer in the log. */
  #isExcused(checkoutId: string, sequence: number): boolean {
    const { wholeSince } = this.under.record;
    const event = this.context.log.find(checkoutId, sequence);
    if (event) return event.occurredAt < wholeSince;
    return wholeSince > ALWAYS_WHOLE && sequence < this.context.log.firstOf(checkoutId);
  }

  #uncommitted(checkoutId: string | null, sentence: string): void {
    this.context.figures.uncommitted += 1;
    this.context.tally.violation('uncommitted', checkoutId, sentence);
  }
}
