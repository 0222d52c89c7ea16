export interface FailedUndo {
  readonly step: string;
  readonly cause: unknown;
}

/** Undo actions in the order they were registered; `unwind` runs them newest first. */
export class CompensationStack<Reason, Step extends string = string> {
  readonly #entries: { step: Step; undo: (reason: Reason) => Promise<void> }[] = [];

  push(step: Step, undo: (reason: Reason) => Promise<void>): void {
    this.#entries.push({ step, undo });
  }

  /**
   * One failing undo does not keep the older ones from running. Empties the stack. `onUndo` hears of each undo before it
   * runs and after it worked.
   */
  async unwind(reason: Reason, onUndo: (step: Step, state: 'undoing' | 'undone') => void): Promise<FailedUndo[]> {
    const failed: FailedUndo[] = [];
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
      try {
        onUndo(entry.step, 'undoing');
        await entry.undo(reason);
        onUndo(entry.step, 'undone');
      } catch (cause) {
        failed.push({ step: entry.step, cause });
      }
    }
    return failed;
  }
}
