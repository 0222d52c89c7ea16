import type { Queryable } from '../postgres/database';
import { IS_ASKING } from './next-action';

/** A delay that clients do not notice, and a thousand of them cost one query for each poll. */
const LOOK_EVERY_MS = 20;
/** A client that waits alone does notice, and leaves room for more frequent polls. */
const LOOK_ALONE_MS = 4;
/**
 * When most ends are announced by `lookNow`, polling is for checkouts that end in another process, because of a fault or a full worker.
 * They are few, and a tenth of a second is soon enough for them.
 */
const LOOK_WHEN_TOLD_MS = 100;

export interface OutcomeWatchOptions {
  readonly onError: (error: unknown) => void;
  /** Whether `lookNow` is called for most ends at present. */
  readonly isTold?: () => boolean;
}

/** Waits for checkouts to end, or to ask their customer: one query at a time for all waiting clients, and none when nobody waits. */
export class OutcomeWatch {
  readonly #waiting = new Map<string, Set<() => void>>();
  #asking = false;
  #next: NodeJS.Timeout | undefined;
  #nextAt = Infinity;
  #stopped = false;

  constructor(
    private readonly db: Queryable,
    private readonly options: OutcomeWatchOptions,
  ) {}

  /** Resolves when the checkout has ended or asks its customer, `waitMs` are over, `signal` aborts or the watch stops, whichever is first. */
  async endedOrAsking(checkoutId: string, waitMs: number, signal: AbortSignal): Promise<void> {
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
      // Soon in any case: it may have ended before anybody waited for it, and then `lookNow` is not called again.
      this.#lookWithin(this.#soonMs());
    });
    if (waiters.size === 0 && this.#waiting.get(checkoutId) === waiters) this.#waiting.delete(checkoutId);
  }

  /** A checkout may have ended just now. */
  lookNow(): void {
    if (this.#waiting.size > 0) this.#lookWithin(0);
  }

  /** Ends every wait. */
  stop(): void {
    this.#stopped = true;
    this.#release([...this.#waiting.keys()]);
  }

  #soonMs(): number {
    return Math.min(LOOK_EVERY_MS, LOOK_ALONE_MS * this.#waiting.size);
  }

  #lookWithin(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#nextAt) return;
    this.#nextAt = at;
    // The query in flight may miss what happens now, so the next one is scheduled after it.
    if (!this.#asking) this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.#look(), this.#nextAt - performance.now());
  }

  async #look(): Promise<void> {
    this.#nextAt = Infinity;
    if (this.#waiting.size === 0) return;
    this.#asking = true;
    try {
      const { rows } = await this.db.query<{ id: string }>(
        `select id
           from checkouts checkout
          where id = any ($1)
            and (ended_at is not null or ${IS_ASKING})`,
        [[...this.#waiting.keys()]],
      );
      this.#release(rows.map(({ id }) => id));
    } catch (error) {
      // Postgres may be restarting. Each wait has its own deadline, and the next query may succeed before it.
      this.options.onError(error);
    }
    this.#lookWithin(this.options.isTold?.() ? LOOK_WHEN_TOLD_MS : this.#soonMs());
    this.#asking = false;
    this.#plan();
  }

  #release(ids: readonly string[]): void {
    for (const id of ids) {
      const waiters = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiters?.forEach((done) => done());
    }
  }
}
