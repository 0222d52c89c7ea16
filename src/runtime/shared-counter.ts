import type { Redis } from 'ioredis';

/** How old a process's knowledge of the others' counts may be. */
const SHARE_EVERY_MS = 200;
/** Redis forgets a window soon after it ends. */
const KEPT_WINDOWS = 2;
/** Bounds the memory that made-up keys can use. */
const MOST_KEYS = 10_000;

interface Count {
  own: number;
  shared: number;
  others: number;
}

const totalOf = ({ own, others }: Count): number => own + others;

/**
 * Counts by key in windows that all processes share through Redis, in one batch a few times a second: no request waits for it. Without
 * Redis each process counts for itself, so a limit is still a limit. All callers must use the same window length.
 */
export class SharedCounter {
  #counts = new Map<string, Count>();
  #window = -1;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly redis: Redis | undefined,
    private readonly now: () => number,
  ) {
    this.#timer = redis && setInterval(() => void this.share(), SHARE_EVERY_MS).unref();
  }

  /** How many keys there are in this window. */
  get size(): number {
    return this.#counts.size;
  }

  count(key: string, windowMs: number): { current: number; ttlMs: number } {
    const now = this.now();
    const window = now - (now % windowMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts = new Map();
    }
    const count = this.#counts.get(key) ?? this.#begin(key);
    count.own += 1;
    return { current: totalOf(count), ttlMs: window + windowMs - now };
  }

  /** One that was counted in this window should not have been. */
  takeBack(key: string): void {
    const count = this.#counts.get(key);
    if (count && count.own > 0) count.own -= 1;
  }

  #begin(key: string): Count {
    if (this.#counts.size >= MOST_KEYS) this.#forgetLowCounts();
    const count = { own: 0, shared: 0, others: 0 };
    this.#counts.set(key, count);
    return count;
  }

  /** Forgets the half with the lowest counts: to be forgotten, a client would have to send more under each of thousands of other keys. */
  #forgetLowCounts(): void {
    const byCount = [...this.#counts].sort(([, one], [, other]) => totalOf(other) - totalOf(one));
    this.#counts = new Map(byCount.slice(0, MOST_KEYS / 2));
  }

  /** Adds what was counted here since the last time to Redis, and reads what the others counted. */
  async share(): Promise<void> {
    const { redis } = this;
    if (redis?.status !== 'ready') return;
    const window = this.#window;
    const changed = [...this.#counts].filter(([, count]) => count.own !== count.shared);
    if (changed.length === 0) return;
    const pipeline = redis.pipeline();
    for (const [key, count] of changed) {
      const name = `rate:${window}:${key}`;
      pipeline.incrby(name, count.own - count.shared).expire(name, KEPT_WINDOWS * 60);
      count.shared = count.own;
    }
    // Counts that Redis lost while it was away are not sent again: then the limit is a little too generous, which does no harm.
    const answers = await pipeline.exec().catch(() => null);
    changed.forEach(([, count], at) => {
      const total = answers?.[at * 2]?.[1];
      if (typeof total === 'number') count.others = Math.max(0, total - count.shared);
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
