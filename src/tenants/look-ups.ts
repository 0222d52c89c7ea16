/** How many of the pool's twenty connections unknown keys may use. */
const MOST_AT_ONCE = 4;
/** They are looked up within a second, or Postgres is in trouble. */
const MOST_WAITING = 1_000;

/** The caller may retry: whether the key is valid was not found out. Fastify reads `statusCode`. */
class TooManyLookUps extends Error {
  readonly statusCode = 503;
}

/** Looks up a few names at a time; others wait, and too many are refused. Concurrent look-ups of one name share one query. */
export class LookUps<T> {
  readonly #underWay = new Map<string, Promise<T>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** A `known` name does not wait. */
  share(name: string, lookUp: () => Promise<T>, { known }: { known: boolean }): Promise<T> {
    const shared = this.#underWay.get(name);
    if (shared) return shared;
    if (!known && this.#waiting.length >= MOST_WAITING)
      return Promise.reject(new TooManyLookUps('Too many unknown API keys'));
    const begun = (known ? lookUp() : this.#inTurn(lookUp)).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, begun);
    return begun;
  }

  async #inTurn(lookUp: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((turn) => this.#waiting.push(turn));
    else this.#running += 1;
    try {
      return await lookUp();
    } finally {
      const next = this.#waiting.shift();
      // The next one takes over this one's place.
      if (next) next();
      else this.#running -= 1;
    }
  }
}
