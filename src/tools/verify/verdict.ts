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
  /** How many of those are no fault: nobody said where it is, and without a stack only what was named is looked at. */
  readonly excused?: number;
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
  excused = 0;
  readonly notes: string[] = [];
  readonly details: Record<string, Record<string, number>> = {};

  violation(kind: string, checkoutId: string | null, sentence: string): void {
    this.violations += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push({ kind, checkoutId, sentence });
  }
}

export const isKept = ({ violations, unchecked, excused = 0 }: Verdict): boolean =>
  violations === 0 && unchecked.length === excused;

/** Nobody said where `missing` is: a fault where a whole stack is looked at, and only told where parts were named one by one. */
export const withUnseen = (
  verdict: Verdict,
  { isWhole }: { isWhole: boolean },
  missing: readonly string[],
): Verdict => ({
  ...verdict,
  unchecked: [...verdict.unchecked, ...missing],
  excused: (verdict.excused ?? 0) + (isWhole ? 0 : missing.length),
});

/** There was nothing to look at, so that nobody knows: an act of an operator, where no operator has acted. */
export const isUnseen = ({ checked, violations, unchecked }: Verdict): boolean =>
  checked + violations + unchecked.length === 0;
