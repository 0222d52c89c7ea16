import type * as suite from '../suite/row';
import type { ServerUnderTest } from './server-under-test';

export type Check = suite.Check<ServerUnderTest>;

/** A row of the idempotency table in `docs/http.md`, or a promise about the two answers of a checkout. */
export type Row = suite.Row<ServerUnderTest>;

/** The name of a row on a command line, without commas and spaces. */
export const slugOf = (row: string): string =>
  row
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
