import { createHash } from 'node:crypto';
import type { Stream } from '../stream';

/** What a sink's own record says it was given. */
export interface Delivery {
  /** Where it stands in the record, for a person who wants to look. */
  readonly place: string;
  /** Null where it is not one of our events at all. */
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
   * Events that occurred earlier may be missing: a broker has trimmed its record, or nobody wanted them yet. In milliseconds since 1970. May
   * only be known once a part was read.
   */
  readonly wholeSince: number;
  readonly deliveries: Stream<Delivery>;
  /** What a reader should know of the record. */
  readonly note?: string | undefined;
}

export const ALWAYS_WHOLE = -Infinity;
/** Of the sink and of Postgres: a record that begins at a moment is not held to account to the millisecond. */
export const CLOCKS_DIFFER_MS = 1_000;

/** Enough to tell any two events apart. */
const DIGEST_BYTES = 16;

/** Of a SHA-256 in hexadecimal. */
export const shortDigest = (hex: string): string => hex.slice(0, 2 * DIGEST_BYTES);
// Made short, not cut: a slice would hold on to the whole.
export const digestOf = (body: string): string =>
  createHash('sha256').update(body).digest().toString('hex', 0, DIGEST_BYTES);

/** Reads an event in structured mode; anything else is an event of nobody's. */
export function deliveryOf(place: string, body: string): Delivery {
  try {
    const { id, subject, sequence } = JSON.parse(body) as Partial<Record<string, unknown>>;
    if (typeof id !== 'string' || typeof subject !== 'string' || !/^[1-9]\d*$/.test(String(sequence))) {
      return { place, event: null };
    }
    return { place, event: { id, checkoutId: subject, sequence: Number(sequence), digest: digestOf(body) } };
  } catch {
    // That is what is said about it.
    return { place, event: null };
  }
}
