/** Remembers at most `most` values, each for `forMs`; the oldest goes first. */
export class Remembered<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly until: number }>();

  constructor(private readonly options: { most: number; forMs: number; now: () => number }) {}

  learn(name: string, value: T): void {
    const { most, forMs, now } = this.options;
    this.#entries.delete(name);
    const [oldest] = this.#entries.size < most ? [] : this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(name, { value, until: now() + forMs });
  }

  /** The value, unless it is older than `forMs`. */
  fresh(name: string): T | undefined {
    const entry = this.#entries.get(name);
    return entry && entry.until > this.options.now() ? entry.value : undefined;
  }

  /** Whether it is remembered, however old. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }
}
