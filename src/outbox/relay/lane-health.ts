import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { noteFailure } from '../log/cursors';
import type { Held } from '../log/cursors';
import type { Reach } from './reach';

/** Longer than any sink's patience: a pass that takes longer is told, whatever holds it. */
const STALLED_MS = 60_000;

/** How a lane gets on, as it tells operators and its relay. Moments are of `performance.now()`. */
export class LaneHealth {
  #passBegan: number | undefined;
  #stallTold = 0;
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

  /** The pass is through. Its sink took something, if it was a `witness`; if nothing else is in trouble it fails no more. */
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
      // It is Postgres that is away: that says nothing of the sink.
      this.#failingSince = undefined;
    }
  }

  /** Tells of a pass that does not end, whatever the cause: the lane itself cannot, because it waits. */
  async watch(): Promise<void> {
    const now = performance.now();
    if (this.#passBegan === undefined || now - Math.max(this.#passBegan, this.#stallTold) < STALLED_MS) return;
    this.#stallTold = now;
    const { sink, shard } = this.lane;
    const seconds = Math.round((now - this.#passBegan) / 1_000);
    this.logger.error({ sink, shard, seconds }, 'a lane makes no progress');
    await noteFailure(this.db, this.lane, `A pass has not ended for ${seconds} s`);
  }
}
