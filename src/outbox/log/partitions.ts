import type { Database, Queryable, Transaction } from '../../postgres/database';
import { LOCK_NOT_AVAILABLE, sqlStateOf } from '../../postgres/error-codes';
import { adoptDay } from './adopt-day';

/**
 * How many days an event stays in the log: longer than the three days for which webhooks are retried, and longer than a long weekend
 * after which somebody notices that a sink is misconfigured. What a sink still needs stays longer.
 */
export const KEPT_DAYS = 7;
/** If no relay runs for longer than a week, events go to the default partition until one does, and orders go on. */
const AHEAD_DAYS = 7;
/** Dropping a day locks the whole log for an instant. It must not wait behind a long transaction, or everybody else would too. */
const LOCK_TIMEOUT = '100ms';

/** By the database's clock: a host's may be wrong, and a day that is dropped does not come back. */
const TODAY = `(now() at time zone 'UTC')::date`;

/** Reads the catalog's rows, because a session caches for a while that a name did not exist. */
const EXISTS = `exists (select from pg_class where relname = 'outbox_events_' || to_char(day, 'YYYYMMDD'))`;

export interface Made {
  /** Days that got a partition. */
  readonly made: number;
  /** Events that were moved from the default partition to the partition of their day. */
  readonly adopted: number;
  /** Days that are left to the next pass, because of somebody else's lock. */
  readonly gaveWay: number;
}

/** Creates the days ahead, and those that have begun in the default partition. */
export async function makePartitions(db: Database): Promise<Made> {
  const sum = { made: 0, adopted: 0, gaveWay: 0 };
  for (const day of await missingDays(db)) {
    try {
      const { made, adopted } = await withShortLocks(db, (tx) => makeDay(tx, day));
      sum.made += made ? 1 : 0;
      sum.adopted += adopted;
    } catch (error) {
      if (!gaveWay(error)) throw error;
      sum.gaveWay += 1;
    }
  }
  return sum;
}

/** As `2026-11-24`. Steps through the default partition day by day, by its index, because it may hold millions of events. */
async function missingDays(db: Queryable): Promise<string[]> {
  const firstFrom = (moment: string): string =>
    `(select (occurred_at at time zone 'UTC')::date from outbox_events_default where occurred_at >= ${moment} order by occurred_at limit 1)`;
  const { rows } = await db.query<{ day: string }>(
    `with recursive begun (day) as (
       select ${firstFrom(`'-infinity'`)}
       union all
       select ${firstFrom(`(begun.day + 1)::timestamp at time zone 'UTC'`)} from begun where begun.day is not null
     )
     select day::text
       from (
         select day from begun where day is not null
         union
         select ${TODAY} + ahead from generate_series(0, $1::integer) ahead
       ) wanted
      where not ${EXISTS}
      order by day`,
    [AHEAD_DAYS],
  );
  return rows.map(({ day }) => day);
}

async function makeDay(tx: Transaction, day: string): Promise<{ made: boolean; adopted: number }> {
  // Another relay may have created it since it was listed.
  const { rowCount } = await tx.query(`select from (select $1::date as day) wanted where ${EXISTS}`, [day]);
  if (rowCount === 1) return { made: false, adopted: 0 };
  const { rows } = await tx.query<{ made: boolean }>(`select ensure_outbox_partition($1::date) as made`, [day]);
  // False means that the day has begun in the default partition.
  return { made: true, adopted: rows[0]?.made ? 0 : await adoptDay(tx, day) };
}

export interface Dropped {
  readonly dropped: readonly string[];
  /** Days past their retention that are still needed, and the sinks that have not had all of them. */
  readonly kept: readonly { readonly name: string; readonly sinks: readonly string[] }[];
}

/** Drops the days that are past their retention and that no sink still needs, however long that takes. */
export async function dropPartitions(db: Database): Promise<Dropped> {
  const dropped: string[] = [];
  const kept: Dropped['kept'][number][] = [];
  for (const name of await oldPartitions(db)) {
    await withShortLocks(db, async (tx) => {
      // Another relay may have dropped it since it was listed.
      if (!(await oldPartitions(tx)).includes(name)) return;
      const sinks = await neededBy(tx, name);
      if (sinks.length > 0) return void kept.push({ name, sinks });
      await tx.query(`drop table ${name}`);
      dropped.push(name);
    });
  }
  return { dropped, kept };
}

async function oldPartitions(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select relname as name
       from pg_inherits
       join pg_class on pg_class.oid = inhrelid
      where inhparent = 'outbox_events'::regclass
        and relname ~ '^outbox_events_[0-9]{8}$'
        and to_date(right(relname, 8), 'YYYYMMDD') < ${TODAY} - $1::integer
      order by relname`,
    [KEPT_DAYS],
  );
  return rows.map(({ name }) => name);
}

/**
 * The sinks that have not read all of the partition, or have parked some of it, whether or not a relay runs them: no clock decides this.
 * Compares places with the youngest transaction of all shards, because finding that of each shard would scan the day. A place from another
 * server does not count as read. `name` comes from the catalog.
 */
async function neededBy(db: Queryable, name: string): Promise<string[]> {
  const { rows } = await db.query<{ sink: string }>(
    `select sink
       from outbox_cursors
      where (select event.txid from ${name} event order by event.txid desc limit 1) >= pg_snapshot_xmax(snapshot)
         or exists (select from ${name} event where event.txid = any (array(select pg_snapshot_xip(snapshot))))
         or (pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot()) and exists (select from ${name}))
      union
     select sink
       from outbox_replays
      where finished_at is null
        and stopped_at is null
        and exists (select from ${name} where occurred_at >= since)
      union
     select parked.sink
       from outbox_parked parked
       join ${name} event on event.id = parked.event_id and event.occurred_at = parked.occurred_at
      order by sink`,
  );
  return rows.map(({ sink }) => sink);
}

export interface LogDays {
  /** How many days from tomorrow on have their partition. Below two, the relays cannot keep up. */
  readonly ahead: number;
  /** How many are past their retention and still there. */
  readonly overdue: number;
  /** Events in the default partition; counting stops at ten thousand. */
  readonly inDefault: number;
}

const MOST_COUNTED = 10_000;

/** For operators: whether the log's days come and go as they should. */
export async function logDays(db: Queryable): Promise<LogDays> {
  const { rows } = await db.query<LogDays>(
    `select (count(*) filter (where day > ${TODAY}))::integer as ahead,
            (count(*) filter (where day < ${TODAY} - $1::integer))::integer as overdue,
            (select count(*)::integer from (select from outbox_events_default limit $2) counted) as "inDefault"
       from (
         select to_date(right(relname, 8), 'YYYYMMDD') as day
           from pg_inherits
           join pg_class on pg_class.oid = inhrelid
          where inhparent = 'outbox_events'::regclass
            and relname ~ '^outbox_events_[0-9]{8}$'
       ) days`,
    [KEPT_DAYS, MOST_COUNTED],
  );
  const [days] = rows;
  if (!days) throw new Error('A count returned no row');
  return days;
}

/** Runs in one relay at a time, and gives up rather than make others queue behind its wait for a lock. */
async function withShortLocks<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('outbox-partitions'))`);
    await tx.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    return work(tx);
  });
}

/** Whether a pass gave up because of somebody else's lock: the next one will do. */
export const gaveWay = (error: unknown): boolean => sqlStateOf(error) === LOCK_NOT_AVAILABLE;
