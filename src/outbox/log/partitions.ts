import type { Database, Queryable, Transaction } from '../../postgres/database';
import { LOCK_NOT_AVAILABLE, sqlStateOf } from '../../postgres/error-codes';
import { adoptDay } from './adopt-day';

/**
 * How long an event stays in the log, in days: longer than the three days for which webhooks are tried, and than the long weekend after
 * which somebody finds that a sink is misconfigured. What a sink still needs stays longer.
 */
export const KEPT_DAYS = 7;
/** If no relay runs for a week, events of the days after it go to the default partition until one does, and orders go on. */
const AHEAD_DAYS = 7;
/** Dropping a day locks everybody out of the log for an instant, and must not queue behind a long transaction: rather try later. */
const LOCK_TIMEOUT = '100ms';

/** Days by the database's clock: a host's may be wrong, and a day that is dropped does not come back. */
const TODAY = `(now() at time zone 'UTC')::date`;

/** Asked of the catalog's rows: a session remembers for a while that a name was not there. */
const EXISTS = `exists (select from pg_class where relname = 'outbox_events_' || to_char(day, 'YYYYMMDD'))`;

export interface Made {
  /** Days that got a partition of their own. */
  readonly made: number;
  /** Events that had begun in the default partition, and are in their days' now. */
  readonly adopted: number;
  /** Days for which somebody's lock was in the way: the next pass will do. */
  readonly gaveWay: number;
}

/** Makes the days ahead, and those that have begun in the default partition. */
export async function makePartitions(db: Database): Promise<Made> {
  const sum = { made: 0, adopted: 0, gaveWay: 0 };
  for (const day of await missingDays(db)) {
    try {
      const { made, adopted } = await patiently(db, (tx) => makeDay(tx, day));
      sum.made += made ? 1 : 0;
      sum.adopted += adopted;
    } catch (error) {
      if (!gaveWay(error)) throw error;
      sum.gaveWay += 1;
    }
  }
  return sum;
}

/** As `2026-11-24`. The default partition is asked for a day at a time, by its index, because it may hold millions. */
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
  // Another relay may have made it since it was listed.
  const { rowCount } = await tx.query(`select from (select $1::date as day) wanted where ${EXISTS}`, [day]);
  if (rowCount === 1) return { made: false, adopted: 0 };
  const { rows } = await tx.query<{ made: boolean }>(`select ensure_outbox_partition($1::date) as made`, [day]);
  // Else it has begun in the default partition.
  return { made: true, adopted: rows[0]?.made ? 0 : await adoptDay(tx, day) };
}

export interface Dropped {
  readonly dropped: readonly string[];
  /** Days past their retention that are still needed, and the sinks that have not had all of them. */
  readonly kept: readonly { readonly name: string; readonly sinks: readonly string[] }[];
}

/** Drops the days that are older than the retention and that every sink is through with. What a sink still needs stays, however long. */
export async function dropPartitions(db: Database): Promise<Dropped> {
  const dropped: string[] = [];
  const kept: Dropped['kept'][number][] = [];
  for (const name of await oldPartitions(db)) {
    await patiently(db, async (tx) => {
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
 * The sinks that have not read all of the partition, or have parked something of it, whether or not a relay runs them: no clock decides
 * that. Asked of the youngest transaction of all shards, and not of each shard's: that one is found without reading the day. A place that
 * this server cannot have seen says nothing about what was read. The name comes from the catalog.
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
  /** From tomorrow on: how many have their partition. Below two, the relays do not get to it. */
  readonly ahead: number;
  /** Past their retention, and still there. */
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
  if (!days) throw new Error('A count without a row');
  return days;
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
