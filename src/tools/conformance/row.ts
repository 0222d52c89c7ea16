import type { ServerUnderTest } from './server-under-test';

export type RowResult = 'pass' | 'fail' | 'not-observable';

/** Tests one promise of a row. Throws what is wrong, or `NotObserved` if it could not be tested. */
export interface Check {
  readonly says: string;
  readonly run: (server: ServerUnderTest) => Promise<void>;
}

/** A row of the idempotency table in `docs/http.md`, or a promise about the two answers of a checkout. */
export type Row =
  { readonly row: string; readonly checks: readonly Check[] } | { readonly row: string; readonly hidden: string };

export interface RowReport {
  readonly row: string;
  readonly result: RowResult;
  readonly ms: number;
  /** What is wrong, and what could not be tested and why, one line each; empty if there is nothing to report. */
  readonly detail: string;
}

/** The name of a row on a command line, without commas and spaces. */
export const slugOf = (row: string): string =>
  row
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
