import type { Queryable } from '../postgres/database';

/** A waiting client notices no difference, and a thousand of them cost one query for each look. */
const LOOK_EVERY_MS = 20;
/** Who waits alone does notice, and leaves room enough for looking more often. */
const LOOK_ALONE_MS = 4;

/** Waits for checkouts to end: one query at a time for everybody who waits, and none when nobody does. */
export class OutcomeWatch {
  readonly #waiting = new Map<string, Set<() => void>>();
  #looking = false;
  #stopped = false;

  constructor(
    private readonly db: Queryable,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Resolves when the checkout has ended, `waitMs` are over, `signal` aborts or the watch stops, whichever is first. */
  async ended(checkoutId: string, waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#stopped || signal.aborted || waitMs <= 0) return;
    const waiters = this.#waiting.get(checkoutId) ?? new Set();
    this.#waiting.set(checkoutId, waiters);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, waitMs);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        waiters.delete(done);
        resolve();
      }
      signal.addEventListener('abort', done);
      waiters.add(done);
      this.#lookSoon();
    });
    if (waiters.size === 0) this.#waiting.delete(checkoutId);
  }

  /** Lets everybody go. */
  stop(): void {
    this.#stopped = true;
    this.#release([...this.#waiting.keys()]);
  }

  #lookSoon(): void {
    if (this.#looking || this.#waiting.size === 0) return;
    this.#looking = true;
    const soon = Math.min(LOOK_EVERY_MS, LOOK_ALONE_MS * this.#waiting.size);
    setTimeout(() => void this.#look(), soon);
  }

  async #look(): Promise<void> {
    try {
      const { rows } = await this.db.query<{ id: string }>(
        `select id from checkouts where id = any ($1) and ended_at is not null`,
        [[...this.#waiting.keys()]],
      );
      this.#release(rows.map(({ id }) => id));
    } catch (error) {
      // Postgres is restarting: those who wait have their own deadline, and until then the next look may work.
      this.onError(error);
    }
    this.#looking = false;
    this.#lookSoon();
  }

  #release(ids: readonly string[]): void {
    for (const id of ids) this.#waiting.get(id)?.forEach((done) => done());
  }
}
