/** Connections that keys nobody knows may hold, of twenty. */
const MOST_AT_ONCE = 4;
/** They are asked about within a second, or Postgres is in trouble. */
const MOST_WAITING = 1_000;

/** Told to come again, in the way Fastify reads it: whether the key is right was never found out. */
class TooManyLookUps extends Error {
  readonly statusCode = 503;
}

/** Looks up a few at a time; the others wait for their turn, and what is too much is refused. One that is being looked up is asked about once. */
export class LookUps<T> {
  readonly #underWay = new Map<string, Promise<T>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `known`: without waiting for a turn. */
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
      // Who is next takes over the place of this one.
      if (next) next();
      else this.#running -= 1;
    }
  }
}
