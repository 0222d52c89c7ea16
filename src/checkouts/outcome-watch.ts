import type { Queryable } from '../postgres/database';

/** A waiting client notices no difference, and a thousand of them cost one query for each look. */
const LOOK_EVERY_MS = 20;
/** Who waits alone does notice, and leaves room enough for looking more often. */
const LOOK_ALONE_MS = 4;
/**
 * Where ends are told, looking is for those that another process brought about: a tenth of a second later than they could is soon enough
 * for the few that a fault or a full worker has sent elsewhere.
 */
const LOOK_WHEN_TOLD_MS = 100;

export interface OutcomeWatchOptions {
  readonly onError: (error: unknown) => void;
  /** Whether `lookNow` is called of most ends at present. */
  readonly isTold?: () => boolean;
}

/** Waits for checkouts to end: one query at a time for everybody who waits, and none when nobody does. */
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
      // Soon in any case: it may have ended before somebody waited for it, and then nobody tells of it any more.
      this.#lookWithin(this.#soonMs());
    });
    if (waiters.size === 0 && this.#waiting.get(checkoutId) === waiters) this.#waiting.delete(checkoutId);
  }

  /** A checkout may have ended just now. */
  lookNow(): void {
    if (this.#waiting.size > 0) this.#lookWithin(0);
  }

  /** Lets everybody go. */
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
    // What happens during a look may have come too late for it: the next one is planned behind it.
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
        `select id from checkouts where id = any ($1) and ended_at is not null`,
        [[...this.#waiting.keys()]],
      );
      this.#release(rows.map(({ id }) => id));
    } catch (error) {
      // Postgres is restarting: those who wait have their own deadline, and until then the next look may work.
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
