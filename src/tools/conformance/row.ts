import type { ServerUnderTest } from './server-under-test';

export type RowResult = 'pass' | 'fail' | 'not-observable';

/** One thing a row promises, tried out. Throws what is wrong; `NotObserved` if it could not look. */
export interface Check {
  readonly says: string;
  readonly run: (server: ServerUnderTest) => Promise<void>;
}

/** A row of the idempotency table (DESIGN 3.1), or a promise of the two answers (DESIGN 3), under its own words. */
export type Row =
  { readonly row: string; readonly checks: readonly Check[] } | { readonly row: string; readonly hidden: string };

export interface RowReport {
  readonly row: string;
  readonly result: RowResult;
  readonly ms: number;
  /** What is wrong, or what could not be seen and why, a line each; empty if there is nothing to tell. */
  readonly detail: string;
}

/** A row's words as they are written on a command line: its names hold commas and spaces. */
export const slugOf = (row: string): string =>
  row
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
