import { Redis } from 'ioredis';
import { eventually } from '../../support/eventually';
import type { Site } from './system';

const GIVE_UP_MS = 5_000;

/** Reads the stream, and notes when the event of each order arrived. */
export class Arrivals {
  readonly #at = new Map<string, number>();
  readonly #redis: Redis;
  #closed = false;
  #latest = 0;

  constructor({ redisUrl, stream }: Site) {
    this.#redis = new Redis(redisUrl);
    void this.#read(stream);
  }

  /** Resolves once each of these orders has arrived, or nothing has arrived for so long that the rest is lost. */
  of(orders: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const asked = performance.now();
    return eventually(() => {
      const quietMs = performance.now() - Math.max(asked, this.#latest);
      return quietMs > GIVE_UP_MS || orders.every((order) => this.#at.has(order)) ? this.#at : undefined;
    });
  }

  close(): void {
    this.#closed = true;
    this.#redis.disconnect();
  }

  async #read(stream: string): Promise<void> {
    let last = '0';
    while (!this.#closed) {
      // Rejects when closed, which ends the loop.
      const found = await this.#redis.xread('BLOCK', 0, 'STREAMS', stream, last).catch(() => null);
      const now = performance.now();
      this.#latest = now;
      for (const [id, [, , , body]] of found?.[0]?.[1] ?? []) {
        const { subject } = JSON.parse(body ?? '') as { subject: string };
        if (!this.#at.has(subject)) this.#at.set(subject, now);
        last = id;
      }
    }
  }
}
