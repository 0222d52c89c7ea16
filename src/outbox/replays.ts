import type { Database, Queryable } from '../postgres/database';
import { REPLAYED } from './replay-range';

/** What is delivered again: of one sink, from a moment on until another. `target` is for sinks with several, else empty. */
export interface ReplayRange {
  readonly sink: string;
  readonly target: string;
  /** ISO 8601. */
  readonly since: string;
  /** Null: until now. */
  readonly until: string | null;
}

export interface ReplayRequest extends ReplayRange {
  readonly reason: string;
  readonly operator: string;
}

export interface ReplayPlan {
  readonly events: number;
  readonly orders: number;
  /** Of the first of them; null where there is none. */
  readonly oldest: string | null;
  /** Where the log begins: what is older has been dropped, and cannot be delivered again. Null where the range begins later. */
  readonly goneBefore: string | null;
}

export type ReplayAnswer =
  | { readonly outcome: 'accepted'; readonly total: number; readonly goneBefore: string | null }
  | { readonly outcome: 'reused' };

/** Why there is no such replay: a sentence for whoever asked, or undefined. */
export async function whyNotReplayable(db: Queryable, { sink, target }: ReplayRange): Promise<string | undefined> {
  if (sink === 'settlement') return 'The settlement is never replayed: it takes money. Redrive what is dead.';
  if ((sink === 'webhooks') !== (target !== '')) {
    return target === '' ? 'Name the one webhook that has lost events as target.' : 'Only webhooks have targets.';
  }
  const { rowCount } = await db.query(`select from outbox_cursors where sink = $1 limit 1`, [sink]);
  return rowCount === 0 ? 'No such sink has run here.' : undefined;
}

const WANTED = `(select $1::text as sink, $2::text as target, $3::timestamptz as since,
                        least(coalesce($4::timestamptz, now()), now()) as until) replay`;

/** What a replay would deliver. Changes nothing. */
export async function planReplay(db: Queryable, { sink, target, since, until }: ReplayRange): Promise<ReplayPlan> {
  const { rows } = await db.query<{ events: number; orders: number; oldest: Date | null }>(
    `select count(*)::integer as events, count(distinct event.aggregateid)::integer as orders, min(event.occurred_at) as oldest
       from ${WANTED} cross join ${REPLAYED}`,
    [sink, target, since, until],
  );
  const { events = 0, orders = 0, oldest = null } = rows[0] ?? {};
  return { events, orders, oldest: oldest?.toISOString() ?? null, goneBefore: await goneBefore(db, since) };
}

/** Days leave one by one, the oldest first, so the log begins with the first that is there. */
async function goneBefore(db: Queryable, since: string): Promise<string | null> {
  const { rows } = await db.query<{ begin: Date | null }>(
    `select min(to_date(right(relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC') as begin
       from pg_inherits
       join pg_class on pg_class.oid = inhrelid
      where inhparent = 'outbox_events'::regclass
        and relname ~ '^outbox_events_[0-9]{8}$'`,
  );
  const begin = rows[0]?.begin ?? null;
  return begin !== null && new Date(since) < begin ? begin.toISOString() : null;
}

/** Has a range delivered again, in the log's order, behind what was asked for before it. The id is the operator's: asked twice is done once. */
export async function replay(db: Database, id: string, request: ReplayRequest): Promise<ReplayAnswer> {
  const { sink, target, since, until, reason, operator } = request;
  const { events } = await planReplay(db, request);
  await db.query(
    `insert into outbox_replays (sink, target, since, until, id, reason, operator, total)
     select sink, target, since, greatest(since, until), $5, $6, $7, $8 from ${WANTED}
     on conflict (id) do nothing`,
    [sink, target, since, until, id, reason, operator, events],
  );
  const { rows } = await db.query<{ same: boolean; total: number }>(
    `select sink = $2 and target = $3 and since = $4::timestamptz and ($5::timestamptz is null or until = least($5, requested_at))
            and reason = $6 as same, total
       from outbox_replays
      where id = $1`,
    [id, sink, target, since, until, reason],
  );
  const [kept] = rows;
  if (!kept?.same) return { outcome: 'reused' };
  return { outcome: 'accepted', total: kept.total, goneBefore: await goneBefore(db, since) };
}
