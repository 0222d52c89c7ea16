import type { Queryable } from '../postgres/database';
import { installationOf } from '../postgres/installation';
import type { Installation } from '../postgres/installation';

/** How soon every process uses a changed secret, without a restart. */
const READ_AGAIN_AFTER_MS = 60_000;
/** A database that cannot answer is not asked again for each request. */
const LEFT_ALONE_MS = 1_000;

/** Whose answers a process may trust. Read from the database when first needed, and again from time to time. */
export class CacheIdentity {
  #known: Installation | undefined;
  #reading: Promise<void> | undefined;
  #readAt = -Infinity;

  constructor(
    private readonly db: Queryable,
    private readonly now: () => number,
  ) {}

  /** Undefined until the database has answered: until then no answer is trusted and none is cached. */
  async current(): Promise<Installation | undefined> {
    if (this.now() >= this.#readAt) this.#reading ??= this.#read();
    // What is known stays good while it is read again: an outage of the database must not turn replays into misses.
    if (!this.#known) await this.#reading;
    return this.#known;
  }

  async #read(): Promise<void> {
    try {
      this.#known = await installationOf(this.db);
      this.#readAt = this.now() + READ_AGAIN_AFTER_MS;
    } catch {
      // Away, or not migrated yet. /readyz says so, and without the cache every answer is the same.
      this.#readAt = this.now() + LEFT_ALONE_MS;
    } finally {
      this.#reading = undefined;
    }
  }
}
