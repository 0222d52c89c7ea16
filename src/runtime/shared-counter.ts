import type { Redis } from 'ioredis';

/** How far the processes may be apart in what they know of each other. */
const SHARE_EVERY_MS = 200;
/** Windows are forgotten in Redis soon after they end. */
const KEPT_WINDOWS = 2;
/** Bounds the memory that made-up keys can take. */
const MOST_KEYS = 10_000;

interface Count {
  own: number;
  shared: number;
  others: number;
}

/**
 * Counts by key in windows that all processes share through Redis, a few times a second and in one go: no request waits for it.
 * Without Redis each process counts for itself, so a limit is still a limit.
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

  count(key: string, windowMs: number): { current: number; ttlMs: number } {
    const now = this.now();
    const window = now - (now % windowMs);
    if (window !== this.#window || this.#counts.size >= MOST_KEYS) {
      this.#window = window;
      this.#counts = new Map();
    }
    const count = this.#counts.get(key) ?? { own: 0, shared: 0, others: 0 };
    this.#counts.set(key, count);
    count.own += 1;
    return { current: count.own + count.others, ttlMs: window + windowMs - now };
  }

  /** Tells Redis what was counted here since the last time, and learns what the others counted. */
  async share(): Promise<void> {
    const { redis } = this;
    if (redis?.status !== 'ready') return;
    const window = this.#window;
    const changed = [...this.#counts].filter(([, count]) => count.own > count.shared);
    if (changed.length === 0) return;
    const pipeline = redis.pipeline();
    for (const [key, count] of changed) {
      const name = `rate:${window}:${key}`;
      pipeline.incrby(name, count.own - count.shared).expire(name, KEPT_WINDOWS * 60);
      count.shared = count.own;
    }
    // What Redis lost while it was away is not told again: the limit is then a little too generous, and that is all.
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
