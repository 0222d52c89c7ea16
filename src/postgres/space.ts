import { DISK_FULL, isUnavailable, sqlStateOf } from './error-codes';
import type { Queryable } from './session';

/** Writes a few pages and leaves nothing behind. Only by writing does Postgres find out whether its disk is full. */
const TAKE_SPACE = `create temporary table space_probe on commit drop as select repeat('x', 1000) from generate_series(1, 64)`;

/** Whether there is still no space. Runs in a transaction of its own. */
export const isStillFull = (transaction: (work: (tx: Queryable) => Promise<unknown>) => Promise<unknown>) =>
  transaction((tx) => tx.query(TAKE_SPACE)).then(
    () => false,
    // A role that may not create temporary tables learns nothing here, and is assumed to have space.
    (error: unknown) => sqlStateOf(error) === DISK_FULL || isUnavailable(error),
  );
