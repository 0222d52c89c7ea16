import type { OutboxEvent } from './outbox-event';

/** An event for one target of a sink; the target is `''` if the sink has only one. */
export interface Parcel {
  readonly event: OutboxEvent;
  readonly target: string;
  /** The id of the operator's replay. Consumers see it beside the event, which is unchanged. */
  readonly replay?: string;
}

/**
 * The result for one parcel. `delivered`: the sink has stored it. `unwanted`: its target no longer wants it. `failed`: the sink did not
 * take it; it is retried on the sink's schedule and after it too (`without-end`), or waits for an operator (`retry: false`). `behind`: not tried, because an earlier event
 * of its order failed. `later`: its target is slow and others must not wait for it, so it is parked and tried beside the pages; this does
 * not count as an attempt.
 */
export type Outcome =
  | { readonly status: 'delivered' | 'unwanted' | 'behind' }
  | { readonly status: 'later'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string; readonly retry: boolean | 'without-end' };

/** `hurry`: a page with other targets' events waits for the result, so whatever takes long is `later`. */
export interface HandingOver {
  readonly hurry: boolean;
}

/** Where events go. Each sink is a file in `sinks/`, has its own cursors, and never waits for another sink. */
export interface Sink {
  /** A recorded name: the cursors are stored under it. */
  readonly name: string;
  /** The event types it wants, as in `CheckoutEvent`; all by default. */
  readonly types?: readonly string[] | undefined;
  /** For a sink with several targets: the ones that get the event. */
  targetsOf?(event: OutboxEvent): Promise<readonly string[]>;
  /**
   * Delivers the parcels and returns one outcome for each, in the same order. Parcels of one order and target go in order, and none goes
   * after a failed one. Throws if the sink itself cannot be reached or may have lost some: then all are retried, for as long as it takes.
   * Any of them may have been delivered before. A call without parcels only checks whether the sink can be reached.
   */
  deliver(parcels: readonly Parcel[], how?: HandingOver): Promise<readonly Outcome[]>;
  /** For a sink with several targets: the ones that do not answer and are left alone for a while. */
  resting?(): readonly string[];
  /** Milliseconds until the next attempt of a parcel that has failed this often; undefined: no more attempts. */
  retryAfterMs?(attempts: number): number | undefined;
  /** A sentence for operators if the sink may lose events that it has; undefined if not. Throws if the sink cannot be asked. */
  endangered?(): Promise<string | undefined>;
  close(): Promise<void>;
}

export const DELIVERED: Outcome = { status: 'delivered' };
export const BEHIND: Outcome = { status: 'behind' };
