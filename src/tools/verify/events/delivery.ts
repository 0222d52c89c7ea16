import { createHash } from 'node:crypto';
import type { Stream } from '../stream';

/** One delivery in a sink's own record. */
export interface Delivery {
  /** Where it is in the record, for a person who wants to look it up. */
  readonly place: string;
  /** Null if it is not one of our events. */
  readonly event: {
    readonly id: string;
    readonly checkoutId: string;
    readonly sequence: number;
    readonly digest: string;
  } | null;
}

/** A sink's own record, oldest first. */
export interface SinkRecord {
  /**
   * Events that occurred earlier may be missing: a broker trimmed its record, or the sink did not exist yet. Milliseconds since 1970. May
   * be known only after a part was read.
   */
  readonly wholeSince: number;
  readonly deliveries: Stream<Delivery>;
  /** What the report should say about the record. */
  readonly note?: string | undefined;
}

export const ALWAYS_WHOLE = -Infinity;
/** The clocks of a sink and of Postgres may differ by this much, so a record's beginning is not exact. */
export const CLOCKS_DIFFER_MS = 1_000;

/** Enough to tell any two events apart. */
const DIGEST_BYTES = 16;

/** The short form of a SHA-256 in hexadecimal. */
export const shortDigest = (hex: string): string => hex.slice(0, 2 * DIGEST_BYTES);
// Not sliced from the full digest: a slice would keep the whole string in memory.
export const digestOf = (body: string): string =>
  createHash('sha256').update(body).digest().toString('hex', 0, DIGEST_BYTES);

/** Reads an event in structured mode; for anything else, the delivery's event is null. */
export function deliveryOf(place: string, body: string): Delivery {
  try {
    const { id, subject, sequence } = JSON.parse(body) as Partial<Record<string, unknown>>;
    if (typeof id !== 'string' || typeof subject !== 'string' || !/^[1-9]\d*$/.test(String(sequence))) {
      return { place, event: null };
    }
    return { place, event: { id, checkoutId: subject, sequence: Number(sequence), digest: digestOf(body) } };
  } catch {
    // Not JSON, so not one of our events.
    return { place, event: null };
  }
}
