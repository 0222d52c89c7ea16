/** An answer, in the words of all roles. */
export interface Told {
  readonly outcome: string;
  readonly reference?: string;
}

/** Two bodies that differ in what the step is about: the amount, the quantity, the address, the recipient. */
export type Body = 'usual' | 'other';

/** The calls of a step, in the words of all roles: do, undo, ask. */
export interface StepCalls {
  /** The outcomes that say it is done. */
  readonly done: readonly string[];
  readonly act: (key: string, body?: Body) => Promise<Told>;
  readonly undo: (key: string) => Promise<void>;
  /** Absent if the port has no `find`. */
  readonly find?: (key: string) => Promise<Told>;
}
