import { setTimeout as rest } from 'node:timers/promises';
import type { Database } from '../../src/postgres/database';

const LOOK_EVERY_MS = 300;

/** Notices the end of checkouts by polling Postgres: asking the service would load it further. */
export class Ends {
  readonly #waiting = new Map<string, () => void>();

  constructor(private readonly db: Database) {}

  /** Resolves when the checkout ends; undefined if `signal` aborts first. */
  async of(id: string, signal: AbortSignal): Promise<true | undefined> {
    if (signal.aborted) return undefined;
    return new Promise((resolve) => {
      this.#waiting.set(id, () => resolve(true));
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  async watch(signal: AbortSignal): Promise<void> {
    while (await rest(LOOK_EVERY_MS, true, { signal }).catch(() => false)) {
      // Postgres may be restarting; the next look will do.
      await this.#look().catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { rows } = await this.db.query<{ id: string }>(
      `select id from checkouts where id = any ($1) and ended_at is not null`,
      [[...this.#waiting.keys()]],
    );
    for (const { id } of rows) {
      this.#waiting.get(id)?.();
      this.#waiting.delete(id);
    }
  }
}
