import { LEASE_MS } from '../log/leases';
import type { Presence } from '../log/leases';
import { SHARDS } from '../log/shards';

/** How a lane sees its sink, in moments of one clock, ms. */
export interface Reach {
  /** Since when it takes nothing. */
  readonly failingSince: number | undefined;
  /** When it last took something. */
  readonly tookAt: number | undefined;
}

/** A sink that restarts is no reason to say so. */
const UNABLE_AFTER_MS = LEASE_MS;
/** Longer than a lane backs off: where a sink comes back for everybody, each relay notices by itself, and nothing changes hands. */
const GIVES_UP_AFTER_MS = 2 * LEASE_MS;
const FIRST_TRIAL_AFTER_MS = 60_000;
const LONGEST_TRIAL_AFTER_MS = 15 * 60_000;

/**
 * Whether this relay can reach a sink, and so how many lanes of it should be its own. A relay that cannot gives its lanes up while there is
 * another that can; where nobody can, everybody keeps what it has, and nothing goes back and forth. One that has given up tries again later
 * and ever later: it asks the sink, and if that answers takes its share of lanes again.
 */
export class SinkReach {
  #unable = false;
  #othersAbleSince: number | undefined;
  #gaveUpAt: number | undefined;
  #trials = 0;

  /** What the relay's lanes of the sink say just now. One that has none learns nothing, but by a trial. */
  note(lanes: readonly Reach[], now: number): void {
    if (lanes.length === 0) return;
    const tookAt = Math.max(-Infinity, ...lanes.flatMap((lane) => lane.tookAt ?? []));
    // What fails in one lane while others deliver is an event's trouble, not the sink's.
    const failing = lanes.flatMap(({ failingSince }) => failingSince ?? []).filter((since) => since > tookAt);
    if (failing.length > 0) this.#unable ||= failing.some((since) => now - since >= UNABLE_AFTER_MS);
    else this.#beAble();
    if (failing.length === 0 && tookAt > -Infinity) this.#trials = 0;
  }

  get unable(): boolean {
    return this.#unable;
  }

  /** Of how many lanes it has `held`, how many it may have. */
  share({ relays, able }: Presence, held: number, now: number): number {
    if (!this.#unable || able === 0) {
      this.#othersAbleSince = this.#gaveUpAt = undefined;
      return Math.ceil(SHARDS / Math.max(1, able === 0 ? relays : able));
    }
    this.#othersAbleSince ??= now;
    if (now - this.#othersAbleSince < GIVES_UP_AFTER_MS) return Math.min(held, Math.ceil(SHARDS / relays));
    this.#gaveUpAt ??= now;
    return 0;
  }

  /** Whether it is time to ask the sink if it is there again. */
  isTrialDue(now: number): boolean {
    const afterMs = Math.min(FIRST_TRIAL_AFTER_MS * 2 ** this.#trials, LONGEST_TRIAL_AFTER_MS);
    return this.#gaveUpAt !== undefined && now - this.#gaveUpAt >= afterMs;
  }

  /** The next trial is later. One that was answered gets lanes again, which shows whether it can deliver. */
  tried(answered: boolean, now: number): void {
    this.#trials += 1;
    if (answered) this.#beAble();
    else this.#gaveUpAt = now;
  }

  #beAble(): void {
    this.#unable = false;
    this.#othersAbleSince = this.#gaveUpAt = undefined;
  }
}
