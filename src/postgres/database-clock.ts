import type { Queryable } from './database';

/** A slower answer is too uncertain to replace an earlier one. */
const SLOW_MS = 2_000;

/** How the host's clock compares with the database's. */
export interface ClockReading {
  /** Negative if the host is behind. */
  readonly hostAheadMs: number;
  /** The largest error in either direction: half of the round trip. */
  readonly uncertainMs: number;
}

/**
 * The database's time: measured now and then, and continued by a monotonic clock. For times that do not come from a statement. So a host
 * whose clock is wrong, or is corrected, decides nothing.
 */
export class DatabaseClock {
  #mark: { readonly databaseMs: number; readonly atMs: number } | undefined;

  constructor(private readonly db: Queryable) {}

  /** Queries the database. Throws if it does not answer. */
  async measure(): Promise<ClockReading> {
    const askedAtMs = performance.now();
    // eslint-disable-next-line no-restricted-syntax -- this is the clock being measured
    const hostMs = Date.now();
    const { rows } = await this.db.query<{ ms: number }>(
      `select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
    );
    const [now] = rows;
    if (!now) throw new Error('The clock query returned no row');
    const uncertainMs = (performance.now() - askedAtMs) / 2;
    if (!this.#mark || uncertainMs * 2 < SLOW_MS) {
      this.#mark = { databaseMs: now.ms, atMs: askedAtMs + uncertainMs };
    }
    return { hostAheadMs: hostMs + uncertainMs - now.ms, uncertainMs };
  }

  get isMeasured(): boolean {
    return this.#mark !== undefined;
  }

  /** Throws before the first measurement. */
  now(): Date {
    if (!this.#mark) throw new Error("The database's clock was read before the first measurement");
    return new Date(this.#mark.databaseMs + performance.now() - this.#mark.atMs);
  }
}
