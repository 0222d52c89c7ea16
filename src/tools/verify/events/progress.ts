/** Which events of an order have arrived: usually 1 to n, and then only n is kept in memory. */
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

  /** Counts all earlier events as arrived. */
  beginAt(sequence: number): void {
    while (this.#next < sequence) {
      this.#ahead.delete(this.#next);
      this.#next += 1;
    }
  }
}
