import type { Database, Queryable } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';

/** As long as people ask what became of an order. */
const KEPT_DAYS = 30;
/** Without a relay for longer than a week, rows go to the default partition. */
const AHEAD_DAYS = 7;
/** A day that is attached or dropped locks the table for an instant. It must not wait behind a long transaction, or attempts would too. */
const LOCK_TIMEOUT = '100ms';
const LOOK_EVERY_MS = 10 * 60_000;

/** By the database's clock: a day that is dropped does not come back. */
const TODAY = `(now() at time zone 'UTC')::date`;

/** Creates the days of `provider_attempts` ahead of time, and drops the old ones. Any number of processes may run it. */
export const keepAttempts = (db: Database, logger: Logger): Loop =>
  startLoop('keep-attempts', () => keepAttemptsOnce(db), { restMs: LOOK_EVERY_MS, full: 1, logger });

/** One at a time, each in a transaction of its own: what gives way to a lock is left to the next pass, which is logged. */
export async function keepAttemptsOnce(db: Database): Promise<number> {
  for (let ahead = 0; ahead <= AHEAD_DAYS; ahead += 1) {
    await briefly(db, (tx) => tx.query(`select ensure_provider_attempts_partition(${TODAY} + $1::integer)`, [ahead]));
  }
  const { rows } = await db.query<{ name: string }>(
    `select relname as name
       from pg_inherits
       join pg_class on pg_class.oid = inhrelid
      where inhparent = 'provider_attempts'::regclass
        and relname ~ '^provider_attempts_[0-9]{8}$'
        and to_date(right(relname, 8), 'YYYYMMDD') < ${TODAY} - $1::integer`,
    [KEPT_DAYS],
  );
  // `name` comes from the catalog. Another process may have dropped it since.
  for (const { name } of rows) await briefly(db, (tx) => tx.query(`drop table if exists ${name}`));
  await db.query(`delete from provider_attempts_default where at < now() - $1::integer * interval '1 day'`, [
    KEPT_DAYS,
  ]);
  return 0;
}

const briefly = (db: Database, work: (tx: Queryable) => Promise<unknown>): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('provider-attempts'))`);
    await tx.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await work(tx);
  });
