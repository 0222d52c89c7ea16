/** A history that does not replay, as `--json` prints it. */
export interface Failure {
  readonly history: string;
  /** Id of the event at which code and history part; null if there is no history to speak of. */
  readonly event: number | null;
  readonly message: string;
}

/** What came of one history. */
export interface Outcome {
  readonly history: string;
  readonly events: number;
  /** Whether it got as far as being replayed. */
  readonly replayed: boolean;
  readonly failure?: Failure;
}

export const unreadable = (history: string, message: string): Outcome => ({
  history,
  events: 0,
  replayed: false,
  failure: { history, event: null, message },
});
