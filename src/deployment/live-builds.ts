/**
 * An idle worker asks for work once a minute, so one that was not heard for longer is no more. Its orders find another worker before
 * the two minutes are over after which a step up to the pivot is given up.
 */
const SILENT_FOR_MS = 75_000;
/**
 * Temporal forgets whom it knew when it restarts, and nobody is seen until all have come back: they try at least every ten seconds.
 */
const UNSEEN_FOR_MS = 20_000;

interface Sign {
  readonly heardAt: number | undefined;
  readonly since: number;
}

/**
 * Which builds have workers, look after look. Only whether a sign of life is another than before counts, so it does not matter
 * whose clock is right.
 */
export class LiveBuilds {
  readonly #signs = new Map<string, Sign>();

  constructor(private readonly now: () => number) {}

  /** What one look has shown: when a worker of each build was last heard. */
  note(heard: ReadonlyMap<string, number>): void {
    for (const build of new Set([...this.#signs.keys(), ...heard.keys()])) {
      const heardAt = heard.get(build);
      const known = this.#signs.get(build);
      if (known === undefined || known.heardAt !== heardAt) this.#signs.set(build, { heardAt, since: this.now() });
    }
  }

  /** Nobody works for this build, and nobody is about to come back. */
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
