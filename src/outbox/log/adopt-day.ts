import { setTimeout as rest } from 'node:timers/promises';
import type { Queryable, Transaction } from '../../postgres/database';
import { LOCK_NOT_AVAILABLE, sqlStateOf } from '../../postgres/error-codes';

/** A batch moves within a second or two, and a statement has five. */
const BATCH = 20_000;
/** Each try blocks appends and reads for an instant; between tries they go on. */
const LOCK_TRIES = 5;
const BETWEEN_TRIES_MS = 200;

/**
 * Gives a day that has begun in the default partition a partition of its own; returns how many events moved. At any moment readers see each
 * event once: in the old place until this commits, then in the new one. Most events move while appends and reads go on; the default
 * partition is locked only for the rest, and for the check when the new one is attached. The lock waits no longer than `lock_timeout`.
 */
export async function adoptDay(tx: Transaction, day: string): Promise<number> {
  const name = `outbox_events_${day.replaceAll('-', '')}`;
  await tx.query(`create table ${name} (like outbox_events including all)`);
  const columns = await storedColumns(tx);
  const before = await moveAll(tx, { name, columns, day });
  // From here on nobody appends or reads; what was appended meanwhile moves too.
  await lockDefault(tx);
  const meanwhile = await moveAll(tx, { name, columns, day });
  await tx.query(
    `alter table outbox_events attach partition ${name}
       for values from ('${day} 00:00:00+00') to ('${nextDay(day)} 00:00:00+00')`,
  );
  return before + meanwhile;
}

/** Tries several times, because a failure would undo all that has moved so far. */
async function lockDefault(tx: Transaction): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await tx.query(`savepoint unlocked`);
    try {
      await tx.query(`lock table outbox_events_default in access exclusive mode`);
      return;
    } catch (error) {
      if (tries === LOCK_TRIES || sqlStateOf(error) !== LOCK_NOT_AVAILABLE) throw error;
      await tx.query(`rollback to savepoint unlocked`);
      await rest(BETWEEN_TRIES_MS);
    }
  }
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const nextDay = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

/** All columns but the generated ones, read from the catalog because migrations may have added some. */
async function storedColumns(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns
       from pg_attribute
      where attrelid = 'outbox_events'::regclass
        and attnum > 0
        and not attisdropped
        and attgenerated = ''`,
  );
  const [row] = rows;
  if (!row) throw new Error('outbox_events has no columns');
  return row.columns;
}

interface Move {
  readonly name: string;
  readonly columns: string;
  readonly day: string;
}

/** Each batch begins where the last one ended, or it would scan the rows that the last one deleted. */
async function moveAll(tx: Transaction, { name, columns, day }: Move): Promise<number> {
  let moved = 0;
  let from = `${day} 00:00:00+00`;
  for (;;) {
    const { rows } = await tx.query<{ count: number; last: string | null }>(
      `with batch as (
         select ctid
           from outbox_events_default
          where occurred_at >= $1::timestamptz
            and occurred_at < $2::timestamptz
          order by occurred_at
          limit ${BATCH}
       ), gone as (
         delete from outbox_events_default where ctid = any (array(select ctid from batch)) returning ${columns}
       ), arrived as (
         insert into ${name} (${columns}) select ${columns} from gone returning occurred_at
       )
       select count(*)::integer as count, max(occurred_at)::text as last from arrived`,
      [from, `${nextDay(day)} 00:00:00+00`],
    );
    const { count = 0, last = null } = rows[0] ?? {};
    moved += count;
    if (count < BATCH || last === null) return moved;
    from = last;
  }
}
