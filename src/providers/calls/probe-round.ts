/** Enough to tell a provider that is back from one that answered by chance. */
const PROBES = 5;

/** The calls that find out whether a provider is back. One round decides, when the last of its calls has ended. */
export class ProbeRound {
  #joined = 0;
  #underWay = 0;
  #failures: unknown[] = [];
  #end: { resolve: () => void; reject: (cause: unknown) => void } | undefined;

  /** Rejects with a failure if at least half of the calls failed. */
  readonly verdict = new Promise<void>((resolve, reject) => (this.#end = { resolve, reject }));

  get isFull(): boolean {
    return this.#joined >= PROBES;
  }

  /** `isFailure` tells a provider that is away from one that answered with an error. */
  async join<T>(work: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T> {
    this.#joined += 1;
    this.#underWay += 1;
    try {
      return await work();
    } catch (error) {
      if (isFailure(error)) this.#failures.push(error);
      throw error;
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#decide();
    }
  }

  #decide(): void {
    if (this.#failures.length * 2 >= this.#joined) this.#end?.reject(this.#failures.at(-1));
    else this.#end?.resolve();
  }
}
