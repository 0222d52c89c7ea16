/** Undo actions in the order they were registered; `unwind` runs them newest first. */
export class CompensationStack<Reason> {
  readonly #undos: ((reason: Reason) => Promise<void>)[] = [];

  push(undo: (reason: Reason) => Promise<void>): void {
    this.#undos.push(undo);
  }

  /** Empties the stack. An undo that can fail for good must handle that itself, or the older ones do not run. */
  async unwind(reason: Reason): Promise<void> {
    for (let undo = this.#undos.pop(); undo; undo = this.#undos.pop()) await undo(reason);
  }
}
