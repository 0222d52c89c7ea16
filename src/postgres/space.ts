import { DISK_FULL, isUnavailable, sqlStateOf } from './error-codes';
import type { Queryable } from './session';

/** A few new pages, of which nothing is left. Postgres learns only by writing whether its disk is full. */
const TAKE_SPACE = `create temporary table space_probe on commit drop as select repeat('x', 1000) from generate_series(1, 64)`;

/** Whether there is still no space for anything new. Inside a transaction, which then ends. */
export const isStillFull = (transaction: (work: (tx: Queryable) => Promise<unknown>) => Promise<unknown>) =>
  transaction((tx) => tx.query(TAKE_SPACE)).then(
    () => false,
    // A user who may not make temporary tables learns nothing here, and is let go on.
    (error: unknown) => sqlStateOf(error) === DISK_FULL || isUnavailable(error),
  );
