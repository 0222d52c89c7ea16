/** Which events of an order have arrived: as a rule 1 to n, and then no more than the n is kept. */
export class Progress {
  #next = 1;
  readonly #ahead = new Set<number>();

  /** The lowest number that has not arrived. */
  get next(): number {
    return this.#next;
  }

  has(sequence: number): boolean {
    return sequence < this.#next || this.#ahead.has(sequence);
  }

  arrive(sequence: number): void {
    this.#ahead.add(sequence);
    while (this.#ahead.delete(this.#next)) this.#next += 1;
  }

  /** Those before are not waited for. */
  beginAt(sequence: number): void {
    while (this.#next < sequence) {
      this.#ahead.delete(this.#next);
      this.#next += 1;
    }
  }
}
