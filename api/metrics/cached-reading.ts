import { setTimeout as rest } from 'node:timers/promises';

/** However many ask, the source is asked once in so long. */
const FRESH_MS = 5_000;
/** Whoever asks is not held up for longer by a source that does not answer. */
const PATIENCE_MS = 2_000;

/** What a source said a moment ago; undefined while it fails or says nothing. Never rejects. */
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
      // A failure is fresh for as long as an answer: a source that is down is not helped by more questions.
      this.options.onFailure(error);
      return undefined;
    } finally {
      this.#reading = false;
      this.#freshUntil = this.options.now() + FRESH_MS;
    }
  }
}
