import type { StoredAnswer } from '../../src/idempotency/stored-answer';

/** Some megabytes at most, with the two bounds below. */
const MOST_ANSWERS = 5_000;
/** Larger bodies are rare and parsed anew. */
const LARGEST_BODY_BYTES = 4_096;

interface Recent {
  readonly body: Buffer;
  readonly answer: StoredAnswer;
  readonly until: number;
}

/**
 * What this process answered lately, found by the very bytes of the request. A client that retries sends the same bytes: they were
 * parsed, validated and fingerprinted once, and need not be again. Whatever else it sends goes the long way.
 */
export class RecentReplays {
  readonly #answers = new Map<string, Recent>();

  constructor(private readonly now: () => number) {}

  find(name: string, body: Buffer): StoredAnswer | undefined {
    const recent = this.#answers.get(name);
    if (!recent?.body.equals(body)) return undefined;
    this.#answers.delete(name);
    if (recent.until <= this.now()) return undefined;
    // Last in, last out: a map gives its oldest key first.
    this.#answers.set(name, recent);
    return recent.answer;
  }

  /** Only for answers that never change, and no longer than whoever told them may repeat them. */
  remember(name: string, body: Buffer, { answer, goodForMs }: { answer: StoredAnswer; goodForMs: number }): void {
    if (body.length > LARGEST_BODY_BYTES || goodForMs <= 0) return;
    if (this.#answers.size >= MOST_ANSWERS) {
      const [oldest] = this.#answers.keys();
      if (oldest !== undefined) this.#answers.delete(oldest);
    }
    this.#answers.set(name, { body, answer, until: this.now() + goodForMs });
  }
}
