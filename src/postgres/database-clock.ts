import type { Queryable } from './database';

/** A slower answer says too little to replace one that is there. */
const SLOW_MS = 2_000;

/** How the host's clock stands to the database's. */
export interface ClockReading {
  /** Below zero: the host is behind. */
  readonly hostAheadMs: number;
  /** Off by so much at most, in both directions: the answer was under way for twice as long. */
  readonly uncertainMs: number;
}

/**
 * Now, as the database has it: asked for now and then, and carried on by a clock that nobody sets. For what has to be a moment and is not
 * told by a statement. A host whose clock is wrong, or is put right, decides nothing.
 */
export class DatabaseClock {
  #mark: { readonly databaseMs: number; readonly atMs: number } | undefined;

  constructor(private readonly db: Queryable) {}

  /** Asks the database. Throws where it does not answer. */
  async measure(): Promise<ClockReading> {
    const askedAtMs = performance.now();
    // eslint-disable-next-line no-restricted-syntax -- the very clock that is looked at
    const hostMs = Date.now();
    const { rows } = await this.db.query<{ ms: number }>(
      `select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
    );
    const [now] = rows;
    if (!now) throw new Error('A clock without a row');
    const uncertainMs = (performance.now() - askedAtMs) / 2;
    if (!this.#mark || uncertainMs * 2 < SLOW_MS) {
      this.#mark = { databaseMs: now.ms, atMs: askedAtMs + uncertainMs };
    }
    return { hostAheadMs: hostMs + uncertainMs - now.ms, uncertainMs };
  }

  /** Throws before the first measure. */
  now(): Date {
    if (!this.#mark) throw new Error("The database's clock is read before it was asked for");
    return new Date(this.#mark.databaseMs + performance.now() - this.#mark.atMs);
  }
}
