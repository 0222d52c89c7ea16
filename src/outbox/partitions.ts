import type { Database, Queryable, Transaction } from '../postgres/database';
import { LOCK_NOT_AVAILABLE, sqlStateOf } from '../postgres/error-codes';

/**
 * How long an event stays in the log, in days: longer than the three days for which webhooks are tried, and than the long weekend after
 * which somebody finds that a sink is misconfigured. What a sink still needs stays longer.
 */
export const KEPT_DAYS = 7;
/** If no relay runs for a week, events of the days after it go to the default partition, and orders go on. */
const AHEAD_DAYS = 7;
/** Dropping a day locks everybody out of the log for an instant, and must not queue behind a long transaction: rather try later. */
const LOCK_TIMEOUT = '100ms';

/** Makes the days ahead. Returns how many were missing. */
export async function makePartitions(db: Database, now: Date): Promise<number> {
  let made = 0;
  for (let ahead = 0; ahead <= AHEAD_DAYS; ahead += 1) {
    const { rows } = await patiently(db, (tx) =>
      tx.query<{ made: boolean }>(
        `select ensure_outbox_partition(($1::timestamptz at time zone 'UTC')::date + $2::integer) as made`,
        [now, ahead],
      ),
    );
    if (rows[0]?.made) made += 1;
  }
  return made;
}

/**
 * Drops the days that are older than the retention and that every sink is through with. Returns their names. A sink that no relay has
 * run for as long as the retention is not waited for.
 */
export async function dropPartitions(db: Database, now: Date): Promise<string[]> {
  const dropped: string[] = [];
  for (const name of await oldPartitions(db, now)) {
    await patiently(db, async (tx) => {
      // Another relay may have dropped it since it was listed.
      if (!(await oldPartitions(tx, now)).includes(name)) return;
      if (await isNeeded(tx, name, now)) return;
      await tx.query(`drop table ${name}`);
      dropped.push(name);
    });
  }
  return dropped;
}

async function oldPartitions(db: Queryable, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select relname as name
       from pg_inherits
       join pg_class on pg_class.oid = inhrelid
      where inhparent = 'outbox_events'::regclass
        and relname ~ '^outbox_events_[0-9]{8}$'
        and to_date(right(relname, 8), 'YYYYMMDD') < ($1::timestamptz at time zone 'UTC')::date - $2::integer
      order by relname`,
    [now, KEPT_DAYS],
  );
  return rows.map(({ name }) => name);
}

/**
 * Whether a sink has not read all of the partition, or has parked something of it. Asked of the youngest transaction of all shards, and
 * not of each shard's: that one is found without reading the day. The name comes from the catalog.
 */
async function isNeeded(db: Queryable, name: string, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ needed: boolean }>(
    `select exists (
              select
                from outbox_cursors
               where leased_until > $1::timestamptz - $2 * interval '1 day'
                 and ((select event.txid from ${name} event order by event.txid desc limit 1) >= pg_snapshot_xmax(snapshot)
                      or exists (
                        select
                          from ${name} event
                         where event.txid = any (array(select pg_snapshot_xip(snapshot)))))
            ) or exists (
              select
                from outbox_parked parked
                join ${name} event on event.id = parked.event_id and event.occurred_at = parked.occurred_at
            ) as needed`,
    [now, KEPT_DAYS],
  );
  return rows[0]?.needed !== false;
}

/** One relay at a time, and never for long in anybody's way. */
async function patiently<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('outbox-partitions'))`);
    await tx.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    return work(tx);
  });
}

/** True for a pass that gave way to others: the next one will do. */
export const gaveWay = (error: unknown): boolean => sqlStateOf(error) === LOCK_NOT_AVAILABLE;
