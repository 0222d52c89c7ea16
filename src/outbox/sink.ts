import type { OutboxEvent } from './outbox-event';

/** An event for one of a sink's targets; for `''` where the sink has just itself. */
export interface Parcel {
  readonly event: OutboxEvent;
  readonly target: string;
  /** The id of the replay that an operator asked for. Consumers see it beside the event, which stays as it is. */
  readonly replay?: string;
}

/**
 * What became of a parcel. `delivered`: it is there for good. `unwanted`: nobody wants it any more, and nothing is owed. `failed`: this one
 * was not taken, whatever happens to others; it is tried again as the sink's schedule says, or waits for an operator (`retry: false`).
 * `behind`: it was not tried, because an earlier event of its order failed. `later`: its target is slow, and others shall not wait for it: it
 * is kept aside and asked for again beside the pages, which counts as no attempt.
 */
export type Outcome =
  | { readonly status: 'delivered' | 'unwanted' | 'behind' }
  | { readonly status: 'later'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string; readonly retry: boolean };

/** How parcels are handed over. `hurry`: a page of everybody's events waits for the answer; what takes long is `later`. */
export interface HandingOver {
  readonly hurry: boolean;
}

/** Where events go. Each sink is a file in `sinks/`, has cursors of its own, and waits for no other. */
export interface Sink {
  /** A recorded name: the cursors bear it. */
  readonly name: string;
  /** The types it wants, as in `CheckoutEvent`; all of them by default. */
  readonly types?: readonly string[] | undefined;
  /** For a sink with several targets: those that get the event. */
  targetsOf?(event: OutboxEvent): Promise<readonly string[]>;
  /**
   * Hands the parcels over, of each order and target in their order and never one after a failed one, and says what became of each, in
   * the same order. Throws when the sink itself cannot be reached or may have lost some: then all are tried again, for as long as it takes.
   * Any of them may have been handed over before. An empty call hands over nothing and says whether the sink can be reached.
   */
  deliver(parcels: readonly Parcel[], how?: HandingOver): Promise<readonly Outcome[]>;
  /** For a sink with several targets: those that are left alone for a while, because they do not answer. */
  resting?(): readonly string[];
  /** Milliseconds until a failed parcel is tried again, having failed so often; undefined: never by itself. */
  retryAfterMs?(attempts: number): number | undefined;
  /** What endangers the events that it has, in a sentence for operators; undefined if nothing does. Throws where it cannot be asked. */
  endangered?(): Promise<string | undefined>;
  close(): Promise<void>;
}

export const DELIVERED: Outcome = { status: 'delivered' };
export const BEHIND: Outcome = { status: 'behind' };
