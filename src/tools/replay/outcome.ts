/** A history that does not replay, as `--json` prints it. */
export interface Failure {
  readonly history: string;
  /** Id of the event at which code and history diverge; null if the history could not be replayed at all. */
  readonly event: number | null;
  readonly message: string;
}

/** The result for one history. */
export interface Outcome {
  readonly history: string;
  readonly events: number;
  /** False if it could not be read or replayed at all. */
  readonly replayed: boolean;
  readonly failure?: Failure;
}

export const unreadable = (history: string, message: string): Outcome => ({
  history,
  events: 0,
  replayed: false,
  failure: { history, event: null, message },
});
