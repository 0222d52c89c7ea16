export interface Secret {
  /** For people: `an e-mail address`. */
  readonly kind: string;
  readonly value: string;
  /** Whose checkout it came with, or null. */
  readonly of: string | null;
}

/** Looks for many values at once, in whatever case, as they are and as JSON spells them. */
export class Sieve {
  readonly #bySpelling = new Map<string, Secret>();
  readonly #pattern: RegExp | undefined;

  constructor(secrets: readonly Secret[]) {
    for (const secret of secrets) {
      for (const spelling of [secret.value, JSON.stringify(secret.value).slice(1, -1)]) {
        this.#bySpelling.set(spelling.toLowerCase(), secret);
      }
    }
    const spellings = [...this.#bySpelling.keys()].map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    // The longest first: where one value is the beginning of another, the whole is found.
    spellings.sort((one, other) => other.length - one.length);
    this.#pattern = spellings.length === 0 ? undefined : new RegExp(spellings.join('|'));
  }

  get size(): number {
    return this.#bySpelling.size;
  }

  /** The first of them. */
  find(text: string): Secret | undefined {
    const found = this.#pattern?.exec(text.toLowerCase())?.[0];
    return found === undefined ? undefined : this.#bySpelling.get(found);
  }
}
