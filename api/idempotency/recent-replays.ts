import type { StoredAnswer } from '../../src/idempotency/stored-answer';

/** Some megabytes at most, with the two bounds below. */
const MOST_ANSWERS = 5_000;
/** Larger bodies are rare, and parsed again. */
const LARGEST_BODY_BYTES = 4_096;

interface Recent {
  readonly body: Buffer;
  readonly answer: StoredAnswer;
  readonly until: number;
}

/**
 * Recent answers of this process, by the exact bytes of the request. A client that retries sends the same bytes, which have been parsed,
 * validated and fingerprinted already. Any other request takes the long way.
 */
export class RecentReplays {
  readonly #answers = new Map<string, Recent>();

  constructor(private readonly now: () => number) {}

  find(name: string, body: Buffer): StoredAnswer | undefined {
    const recent = this.#answers.get(name);
    if (!recent?.body.equals(body)) return undefined;
    this.#answers.delete(name);
    if (recent.until <= this.now()) return undefined;
    // Moves it to the end: the first key of the map is the one to drop.
    this.#answers.set(name, recent);
    return recent.answer;
  }

  /** Only for answers that never change, and only for as long as they may be repeated. */
  remember(name: string, body: Buffer, { answer, goodForMs }: { answer: StoredAnswer; goodForMs: number }): void {
    if (body.length > LARGEST_BODY_BYTES || goodForMs <= 0) return;
    if (this.#answers.size >= MOST_ANSWERS) {
      const [oldest] = this.#answers.keys();
      if (oldest !== undefined) this.#answers.delete(oldest);
    }
    this.#answers.set(name, { body, answer, until: this.now() + goodForMs });
  }
}
