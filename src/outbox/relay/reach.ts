import { LEASE_MS } from '../log/leases';
import type { Presence } from '../log/leases';
import { SHARDS } from '../log/shards';

/** How a lane sees its sink; both times are from one clock, in ms. */
export interface Reach {
  /** Since when the sink has been failing. */
  readonly failingSince: number | undefined;
  /** When the sink last took something. */
  readonly tookAt: number | undefined;
}

/** Longer than a sink takes to restart. */
const UNABLE_AFTER_MS = LEASE_MS;
/** Longer than a lane backs off: if a sink comes back for all relays, each notices by itself, and no lane changes hands. */
const GIVES_UP_AFTER_MS = 2 * LEASE_MS;
const FIRST_TRIAL_AFTER_MS = 60_000;
const LONGEST_TRIAL_AFTER_MS = 15 * 60_000;

/**
 * Whether this relay can reach a sink, and so how many of its lanes it should hold. A relay that cannot gives its lanes up while another
 * relay can; if none can, each keeps what it has, and no lane changes hands. A relay that has given up asks the sink again, at growing
 * intervals, and takes its share of the lanes once the sink answers.
 */
export class SinkReach {
  #unable = false;
  #othersAbleSince: number | undefined;
  #gaveUpAt: number | undefined;
  #trials = 0;

  /** Notes what the relay's lanes of the sink report. Without lanes, only a trial can tell. */
  note(lanes: readonly Reach[], now: number): void {
    if (lanes.length === 0) return;
    const tookAt = Math.max(-Infinity, ...lanes.flatMap((lane) => lane.tookAt ?? []));
    // If one lane fails while others deliver, the cause is an event, not the sink.
    const failing = lanes.flatMap(({ failingSince }) => failingSince ?? []).filter((since) => since > tookAt);
    if (failing.length > 0) this.#unable ||= failing.some((since) => now - since >= UNABLE_AFTER_MS);
    else this.#markAble();
    if (failing.length === 0 && tookAt > -Infinity) this.#trials = 0;
  }

  get unable(): boolean {
    return this.#unable;
  }

  /** How many lanes the relay should hold, if it now holds `held`. */
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

  /** Whether it is time to ask the sink again. */
  isTrialDue(now: number): boolean {
    const afterMs = Math.min(FIRST_TRIAL_AFTER_MS * 2 ** this.#trials, LONGEST_TRIAL_AFTER_MS);
    return this.#gaveUpAt !== undefined && now - this.#gaveUpAt >= afterMs;
  }

  /** Notes the result of a trial. If the sink answered, the relay takes lanes again, which shows whether it can deliver. */
  tried(answered: boolean, now: number): void {
    this.#trials += 1;
    if (answered) this.#markAble();
    else this.#gaveUpAt = now;
  }

  #markAble(): void {
    this.#unable = false;
    this.#othersAbleSince = this.#gaveUpAt = undefined;
  }
}
