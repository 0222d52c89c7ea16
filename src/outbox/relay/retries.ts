import type { Database } from '../../postgres/database';
import { countDelivered } from '../log/cursors';
import { handOver } from './hand-over';
import { dueParcels, dueTargets } from './parked';
import type { LaneState } from './relay-once';
import { settleParked } from './settle-parked';
import { BEHIND } from '../sink';

/** For each lane; more than the endpoints of a few tenants. Each target has up to a hundred events in memory. */
const TARGETS_AT_ONCE = 64;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 10_000;

interface Trouble {
  readonly failures: number;
  /** From `performance.now()`. */
  readonly until: number;
}

interface Listener {
  /** Events have gone, so more of their target may be due. */
  gone(): void;
  /** The sink took nothing, or the lane is lost. */
  failed(error: unknown): void;
}

/**
 * Tries a lane's parked events beside its pages: no new event waits for them, and each target is tried separately, so none waits for
 * another. Only this object knows what is in flight: the lane's next holder finds it due, and delivers it again.
 */
export class Retries {
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #troubles = new Map<string, Trouble>();
  #stopped = false;

  constructor(
    private readonly db: Database,
    private readonly lane: LaneState,
    private readonly listener: Listener,
  ) {}

  /** Begins all targets that have something due. `witness`: the sink has just taken something, see `handOver`. */
  async look(witness: boolean): Promise<void> {
    const room = TARGETS_AT_ONCE - this.#underWay.size;
    if (room <= 0 || this.#stopped) return;
    const backingOff = [...this.#troubles].filter(([, { until }]) => !witness && until > performance.now());
    const except = [
      ...this.#underWay.keys(),
      ...backingOff.map(([target]) => target),
      ...(this.lane.to.resting?.() ?? []),
    ];
    for (const target of await dueTargets(this.db, this.lane, { except, most: room })) this.#begin(target, witness);
  }

  /** Whether the sink threw at a target's last attempt. */
  get inTrouble(): boolean {
    return this.#troubles.size > 0;
  }

  /** Begins nothing more. Resolves when everything in flight is settled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.idle();
  }

  async idle(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  #begin(target: string, witness: boolean): void {
    if (this.#underWay.has(target)) return;
    const tried = this.#tryTarget(target, witness)
      .then((gone) => {
        this.#troubles.delete(target);
        return gone;
      })
      .catch((error: unknown) => {
        const failures = this.#troubles.get(target)?.failures ?? 0;
        const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures, LONGEST_BACKOFF_MS);
        this.#troubles.set(target, { failures: failures + 1, until: performance.now() + backoffMs });
        this.listener.failed(error);
        return 0;
      })
      .then((gone) => {
        this.#underWay.delete(target);
        if (gone > 0) this.listener.gone();
      });
    this.#underWay.set(target, tried);
  }

  /** Returns how many events have gone. */
  async #tryTarget(target: string, witness: boolean): Promise<number> {
    const { db, lane } = this;
    const parcels = await dueParcels(db, lane, target);
    if (parcels.length === 0) return 0;
    const failures = this.#troubles.get(target)?.failures ?? 0;
    const outcomes = await handOver({ to: lane.to, failures }, parcels, { witness, hurry: false });
    const results = parcels.map((parcel, at) => ({ parcel, outcome: outcomes[at] ?? BEHIND }));
    const gone = outcomes.filter(({ status }) => status === 'delivered' || status === 'unwanted').length;
    await db.transaction(async (tx) => {
      // Comes first: it makes sure that the lane is still ours, and waits for a page that is being settled.
      await countDelivered(tx, lane, gone);
      await settleParked(tx, lane.to, results);
    });
    return gone;
  }
}
