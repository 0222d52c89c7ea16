import type { Queryable } from '../postgres/database';
import { installationOf } from '../postgres/installation';
import type { Installation } from '../postgres/installation';

/** So soon a secret that was changed is used by every process, without a restart. */
const READ_AGAIN_AFTER_MS = 60_000;
/** A database that cannot tell is not asked for each request. */
const LEFT_ALONE_MS = 1_000;

/** Whose answers a process may believe, read from the database when it is first needed and now and then again. */
export class CacheIdentity {
  #known: Installation | undefined;
  #reading: Promise<void> | undefined;
  #readAt = -Infinity;

  constructor(
    private readonly db: Queryable,
    private readonly now: () => number,
  ) {}

  /** Undefined while the database has not told it: then nothing is believed and nothing kept. */
  async current(): Promise<Installation | undefined> {
    if (this.now() >= this.#readAt) this.#reading ??= this.#read();
    // What is known is good while it is read again: a database that is away must not turn replays into misses.
    if (!this.#known) await this.#reading;
    return this.#known;
  }

  async #read(): Promise<void> {
    try {
      this.#known = await installationOf(this.db);
      this.#readAt = this.now() + READ_AGAIN_AFTER_MS;
    } catch {
      // Away, or not migrated yet: /readyz says so, and without a cache every answer is the same.
      this.#readAt = this.now() + LEFT_ALONE_MS;
    } finally {
      this.#reading = undefined;
    }
  }
}
