import type { Flaw } from './cache-entry';

/** Somebody who keeps writing to Redis must not fill the log. */
const TELL_EVERY_MS = 60_000;

export type RejectedCounts = Readonly<Record<Flaw, number>>;
export const NONE_REJECTED: RejectedCounts = { forged: 0, malformed: 0, 'too-large': 0, 'wrong-type': 0 };

/** Counts cache entries that were not trusted, and reports the first immediately and the rest at most once a minute. */
export class RejectedEntries {
  #counts = { ...NONE_REJECTED };
  #untold = 0;
  #quietUntil = -Infinity;

  /** `tell` gets the flaw of the last one, and how many there were since the last report. */
  constructor(
    private readonly tell: (flaw: Flaw, count: number) => void,
    private readonly now: () => number,
  ) {}

  get counts(): RejectedCounts {
    return this.#counts;
  }

  count(flaw: Flaw): void {
    this.#counts[flaw] += 1;
    this.#untold += 1;
    if (this.now() < this.#quietUntil) return;
    this.#quietUntil = this.now() + TELL_EVERY_MS;
    this.tell(flaw, this.#untold);
    this.#untold = 0;
  }
}
