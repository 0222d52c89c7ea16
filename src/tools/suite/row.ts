export type RowResult = 'pass' | 'fail' | 'not-observable';

/** Tests one promise of a row. Throws what is wrong, or `NotObserved` if it could not be tested. */
export interface Check<Subject> {
  readonly says: string;
  readonly run: (subject: Subject) => Promise<void>;
}

/** A promise and what tests it, or why nothing can from outside. */
export type Row<Subject> =
  | { readonly row: string; readonly checks: readonly Check<Subject>[] }
  | { readonly row: string; readonly hidden: string };

export interface RowReport {
  readonly row: string;
  readonly result: RowResult;
  readonly ms: number;
  /** What is wrong, and what could not be tested and why, one line each; empty if there is nothing to report. */
  readonly detail: string;
}

export const notTried = ({ row }: { readonly row: string }, because: string): RowReport => ({
  row,
  result: 'fail',
  ms: 0,
  detail: `not tried: ${because}`,
});
