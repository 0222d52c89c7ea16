/** What a person reads of a broken promise; more of it is only counted. */
const MOST_EXAMPLES = 10;

/** One thing that is not as promised. */
export interface Finding {
  /** A word for programs: `missing`, `captured-twice`. */
  readonly kind: string;
  readonly checkoutId: string | null;
  readonly sentence: string;
}

/** What was found about one promise. */
export interface Verdict {
  readonly checked: number;
  readonly violations: number;
  /** Under way when we looked: neither kept nor broken yet. */
  readonly pending: number;
  readonly examples: readonly Finding[];
  /** What could not be looked at, and what would help: a promise that nobody has seen kept is not said to be. */
  readonly unchecked: readonly string[];
  /** What else a reader should know. */
  readonly notes: readonly string[];
  /** The figures behind it, by sink or by currency. */
  readonly details: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A verdict in the making. */
export class Tally implements Verdict {
  checked = 0;
  violations = 0;
  pending = 0;
  readonly examples: Finding[] = [];
  readonly unchecked: string[] = [];
  readonly notes: string[] = [];
  readonly details: Record<string, Record<string, number>> = {};

  violation(kind: string, checkoutId: string | null, sentence: string): void {
    this.violations += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push({ kind, checkoutId, sentence });
  }
}

export const isKept = ({ violations, unchecked }: Verdict): boolean => violations === 0 && unchecked.length === 0;
