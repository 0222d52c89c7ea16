import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { noteFailure } from '../log/cursors';
import type { Held } from '../log/cursors';
import type { Reach } from './reach';

/** Longer than any sink's time limit: a longer pass is reported, whatever blocks it. */
const STALLED_MS = 60_000;

/** How a lane is doing, for operators and for its relay. Times are from `performance.now()`. */
export class LaneHealth {
  #passBegan: number | undefined;
  #stallReportedAt = 0;
  #failingSince: number | undefined;
  #tookAt: number | undefined;

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
    private readonly lane: Held,
  ) {}

  get reach(): Reach {
    return { failingSince: this.#failingSince, tookAt: this.#tookAt };
  }

  begun(): void {
    this.#passBegan = performance.now();
  }

  /** The pass has ended. With a `witness` the sink took something; the lane no longer fails unless a retry is `inTrouble`. */
  ended({ witness, inTrouble }: { witness: boolean; inTrouble: boolean }): void {
    this.#passBegan = undefined;
    if (witness) this.#tookAt = performance.now();
    if (!inTrouble) this.#failingSince = undefined;
  }

  async failed(error: unknown): Promise<void> {
    try {
      await noteFailure(this.db, this.lane, error instanceof Error ? error.message : String(error));
      this.#failingSince ??= performance.now();
    } catch {
      // Postgres is away, which says nothing about the sink.
      this.#failingSince = undefined;
    }
  }

  /** Reports a pass that does not end, whatever the cause. The lane itself cannot, because it is waiting. */
  async watch(): Promise<void> {
    const now = performance.now();
    if (this.#passBegan === undefined || now - Math.max(this.#passBegan, this.#stallReportedAt) < STALLED_MS) return;
    this.#stallReportedAt = now;
    const { sink, shard } = this.lane;
    const seconds = Math.round((now - this.#passBegan) / 1_000);
    this.logger.error({ sink, shard, seconds }, 'a lane makes no progress');
    await noteFailure(this.db, this.lane, `A pass has not ended for ${seconds} s`);
  }
}
