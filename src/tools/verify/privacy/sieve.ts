export interface Secret {
  /** For people: `the e-mail address`. */
  readonly kind: string;
  readonly value: string;
  /** The checkout it belongs to, or null. */
  readonly of: string | null;
}

/** Searches for many values at once, ignoring case, both plain and as JSON escapes them. */
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
    // The longest first: if one value is the beginning of another, the longer one is found.
    spellings.sort((one, other) => other.length - one.length);
    this.#pattern = spellings.length === 0 ? undefined : new RegExp(spellings.join('|'));
  }

  get size(): number {
    return this.#bySpelling.size;
  }

  /** The first secret in the text. */
  find(text: string): Secret | undefined {
    const found = this.#pattern?.exec(text.toLowerCase())?.[0];
    return found === undefined ? undefined : this.#bySpelling.get(found);
  }
}
