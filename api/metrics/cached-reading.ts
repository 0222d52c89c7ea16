import { setTimeout as rest } from 'node:timers/promises';

/** How often the source is asked at most, however many scrapes there are. */
const FRESH_MS = 5_000;
/** A source that does not answer holds up a scrape no longer than this. */
const PATIENCE_MS = 2_000;

/** What a source said a moment ago; undefined while it fails or does not answer. Never rejects. */
export class CachedReading<T> {
  #latest: Promise<T | undefined> = Promise.resolve(undefined);
  #reading = false;
  #freshUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly options: { readonly now: () => number; readonly onFailure: (error: unknown) => void },
  ) {}

  async current(): Promise<T | undefined> {
    if (!this.#reading && this.options.now() >= this.#freshUntil) this.#latest = this.#readAgain();
    return Promise.race([this.#latest, rest(PATIENCE_MS, undefined, { ref: false })]);
  }

  async #readAgain(): Promise<T | undefined> {
    this.#reading = true;
    try {
      return await this.read();
    } catch (error) {
      // A failure stays fresh as long as an answer: more questions do not help a source that is down.
      this.options.onFailure(error);
      return undefined;
    } finally {
      this.#reading = false;
      this.#freshUntil = this.options.now() + FRESH_MS;
    }
  }
}
