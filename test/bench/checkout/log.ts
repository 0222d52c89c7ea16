import type { Measured } from '../measure';

/** What the parts tell. */
export interface Log {
  /** A line for whoever waits. */
  readonly say: (line: string) => void;
  /** For the report, even if what is measured next fails. */
  readonly keep: (result: Measured) => void;
}
