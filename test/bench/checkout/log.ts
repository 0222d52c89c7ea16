import type { Measured } from '../measure';

/** Where the parts report. */
export interface Log {
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
  /** Keeps a result for the report, even if a later measurement fails. */
  readonly keep: (result: Measured) => void;
}
