/**
 * An idle worker polls once a minute, so one that has been silent for longer is gone. Its orders get another worker within the two minutes
 * after which a step up to the pivot is given up.
 */
const SILENT_FOR_MS = 75_000;
/** A restarted Temporal knows no pollers until they come back, which they try at least every ten seconds. */
const UNSEEN_FOR_MS = 20_000;

interface Sign {
  readonly heardAt: number | undefined;
  readonly since: number;
}

/**
 * Which builds have workers, over several looks. Only whether a sign of life has changed counts, so nobody's clock has to be right.
 */
export class LiveBuilds {
  readonly #signs = new Map<string, Sign>();

  constructor(private readonly now: () => number) {}

  /** Notes one look: when a worker of each build last polled. */
  note(heard: ReadonlyMap<string, number>): void {
    for (const build of new Set([...this.#signs.keys(), ...heard.keys()])) {
      const heardAt = heard.get(build);
      const known = this.#signs.get(build);
      if (known === undefined || known.heardAt !== heardAt) this.#signs.set(build, { heardAt, since: this.now() });
    }
  }

  /** No worker of this build is left, and none is about to come back. */
  isGone(build: string): boolean {
    const sign = this.#signs.get(build) ?? { heardAt: undefined, since: this.now() };
    this.#signs.set(build, sign);
    const limitMs = sign.heardAt === undefined ? UNSEEN_FOR_MS : SILENT_FOR_MS;
    return this.now() - sign.since >= limitMs;
  }

  /** The builds with workers. */
  present(): string[] {
    return [...this.#signs]
      .filter(([build, { heardAt }]) => heardAt !== undefined && !this.isGone(build))
      .map(([at]) => at);
  }
}
