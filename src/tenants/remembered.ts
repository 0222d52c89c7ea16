/** Remembers values for a while, and of those no more than so many: what was learned longest ago goes first. */
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

  /** What is known and still true enough to act on. */
  fresh(name: string): T | undefined {
    const entry = this.#entries.get(name);
    return entry && entry.until > this.options.now() ? entry.value : undefined;
  }

  /** Whether it was ever learned, however long ago. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }
}
