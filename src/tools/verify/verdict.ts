/** More violations than these are only counted. */
const MOST_EXAMPLES = 10;

/** One violation. */
export interface Finding {
  /** A word for programs: `missing`, `captured-twice`. */
  readonly kind: string;
  readonly checkoutId: string | null;
  readonly sentence: string;
}

/** The result of checking one promise. */
export interface Verdict {
  readonly checked: number;
  readonly violations: number;
  /** Still under way: neither kept nor broken yet. */
  readonly pending: number;
  readonly examples: readonly Finding[];
  /** What could not be checked, and what would help: an unchecked promise is not reported as kept. */
  readonly unchecked: readonly string[];
  /** How many of those do not fail the check: without a stack, only what was named is checked. */
  readonly excused?: number;
  /** What else a reader should know. */
  readonly notes: readonly string[];
  /** The figures behind the verdict, by sink or by currency. */
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

/** Adds what was not named: it fails the check of a whole stack, and is only reported if parts were named one by one. */
export const withUnseen = (
  verdict: Verdict,
  { isWhole }: { isWhole: boolean },
  missing: readonly string[],
): Verdict => ({
  ...verdict,
  unchecked: [...verdict.unchecked, ...missing],
  excused: (verdict.excused ?? 0) + (isWhole ? 0 : missing.length),
});

/** There was nothing to check, so the promise is unproved: operator actions where no operator has acted. */
export const isUnseen = ({ checked, violations, unchecked }: Verdict): boolean =>
  checked + violations + unchecked.length === 0;
