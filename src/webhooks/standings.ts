/** An endpoint that takes longer to answer counts as slow: nobody else's events wait for it any more. */
export const QUICK_MS = 100;
/** How long an endpoint counts as slow after a slow answer. Being slow costs it little, and alternating gains it nothing. */
const SLOW_FOR_MS = 60_000;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;
/** A forgotten endpoint counts as well until it proves otherwise. */
const MOST_REMEMBERED = 10_000;

interface Standing {
  readonly slowUntil: number;
  /** Unanswered attempts in a row. */
  readonly silences: number;
  readonly restsUntil: number;
  /** Until then an attempt is in flight that will show whether it is back. */
  readonly triedUntil: number;
}

const WELL: Standing = { slowUntil: 0, silences: 0, restsUntil: 0, triedUntil: 0 };

/**
 * How endpoints have answered lately, as far as one relay knows; losing it does no harm. An endpoint that does not answer rests for a
 * second, then longer each time, up to a minute; after each rest one attempt shows whether it is back.
 */
export class Standings {
  readonly #known = new Map<string, Standing>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  isSlow(endpoint: string): boolean {
    const { slowUntil, silences } = this.#of(endpoint);
    return silences > 0 || slowUntil > this.now();
  }

  isSilent(endpoint: string): boolean {
    return this.#of(endpoint).silences > 0;
  }

  isResting(endpoint: string): boolean {
    const { restsUntil, triedUntil } = this.#of(endpoint);
    return Math.max(restsUntil, triedUntil) > this.now();
  }

  resting(): string[] {
    return [...this.#known.keys()].filter((endpoint) => this.isResting(endpoint));
  }

  /** For an endpoint that is taking long to answer. */
  markSlow(endpoint: string): void {
    this.#remember(endpoint, { ...this.#of(endpoint), slowUntil: this.now() + SLOW_FOR_MS });
  }

  /** One attempt to a silent endpoint is in flight: there is no other meanwhile. */
  markTried(endpoint: string, forMs: number): void {
    this.#remember(endpoint, { ...this.#of(endpoint), triedUntil: this.now() + forMs });
  }

  answered(endpoint: string, tookMs: number): void {
    const { slowUntil } = this.#of(endpoint);
    if (tookMs > QUICK_MS) this.#remember(endpoint, { ...WELL, slowUntil: this.now() + SLOW_FOR_MS });
    else if (slowUntil > this.now()) this.#remember(endpoint, { ...WELL, slowUntil });
    else this.#known.delete(endpoint);
  }

  wasSilent(endpoint: string): void {
    const { silences, restsUntil } = this.#of(endpoint);
    const now = this.now();
    // Attempts that were in flight together count as one.
    if (restsUntil > now) return;
    const restMs = Math.min(FIRST_REST_MS * 2 ** silences, LONGEST_REST_MS);
    this.#remember(endpoint, {
      ...WELL,
      slowUntil: now + SLOW_FOR_MS,
      silences: silences + 1,
      restsUntil: now + restMs,
    });
  }

  #of(endpoint: string): Standing {
    return this.#known.get(endpoint) ?? WELL;
  }

  /** Forgets the oldest entry when there are too many. */
  #remember(endpoint: string, standing: Standing): void {
    this.#known.delete(endpoint);
    this.#known.set(endpoint, standing);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
