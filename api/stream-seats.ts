import { ApiError, PROBLEM_ADVICE } from './plugins/problems';

const RETRY_AFTER_SECONDS = '5';

/** How many streams may be open at once, in all and for one API key. */
export class StreamSeats {
  #taken = 0;
  readonly #takenBy = new Map<string, number>();

  constructor(
    private readonly most: number,
    private readonly mostOfAKey: number,
  ) {}

  /** Takes a seat and returns how to leave it, or throws 429 (this key has too many) or 503 (everybody together). */
  take(keyId: string): () => void {
    const own = this.#takenBy.get(keyId) ?? 0;
    const headers = { 'retry-after': RETRY_AFTER_SECONDS };
    if (own >= this.mostOfAKey) {
      throw new ApiError('too-many-requests', `This API key has ${own} event streams open here: close some.`, {
        headers,
      });
    }
    if (this.#taken >= this.most) throw new ApiError('unavailable', PROBLEM_ADVICE.unavailable, { headers });
    this.#taken += 1;
    this.#takenBy.set(keyId, own + 1);
    return () => this.#leave(keyId);
  }

  #leave(keyId: string): void {
    this.#taken -= 1;
    const own = this.#takenBy.get(keyId) ?? 1;
    if (own > 1) this.#takenBy.set(keyId, own - 1);
    else this.#takenBy.delete(keyId);
  }
}
