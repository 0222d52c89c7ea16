import type { Database, Queryable } from '../../postgres/database';
import { REPLAYED } from '../relay/replay-range';

/** What is delivered again: one sink's events between two times. `target` is for sinks with several targets; otherwise empty. */
export interface ReplayRange {
  readonly sink: string;
  readonly target: string;
  /** ISO 8601. */
  readonly since: string;
  /** Null means now. */
  readonly until: string | null;
}

export interface ReplayRequest extends ReplayRange {
  readonly reason: string;
  readonly operator: string;
}

export interface ReplayPlan {
  readonly events: number;
  readonly orders: number;
  /** The time of the first event; null if there is none. */
  readonly oldest: string | null;
  /** Where the log begins: what is older has been dropped, and cannot be delivered again. Null if the range begins later. */
  readonly goneBefore: string | null;
}

export type ReplayAnswer =
  | { readonly outcome: 'accepted'; readonly total: number; readonly goneBefore: string | null }
  | { readonly outcome: 'reused' };

/** Why the range cannot be replayed, and which member of the request is wrong. */
export interface NotReplayable {
  readonly member: 'sink' | 'target' | 'from' | 'to';
  readonly why: string;
}

export async function whyNotReplayable(db: Queryable, range: ReplayRange): Promise<NotReplayable | undefined> {
  const { sink, target, since, until } = range;
  if (sink === 'settlement') {
    return {
      member: 'sink',
      why: 'The settlement is never replayed, because it takes money. Redrive its dead events instead.',
    };
  }
  if (sink === 'webhooks' && target === '') return { member: 'target', why: 'Name the webhook that has lost events.' };
  if (sink !== 'webhooks' && target !== '')
    return { member: 'target', why: 'Only webhooks have targets: leave it out.' };
  const { rows } = await db.query<{ ran: boolean; there: boolean; past: boolean; forwards: boolean }>(
    `select exists (select from outbox_cursors where sink = $1) as ran,
            $2 = '' or exists (select from webhook_endpoints where id = $2) as there,
            $3::timestamptz < now() as past,
            coalesce($3::timestamptz < $4::timestamptz, true) as forwards`,
    [sink, target, since, until],
  );
  const [{ ran, there, past, forwards } = { ran: false, there: false, past: false, forwards: false }] = rows;
  if (!ran) return { member: 'sink', why: 'No such sink has run here: `GET /v1/ops/outbox` lists those that have.' };
  if (!there) return { member: 'target', why: 'No such webhook.' };
  if (!past) return { member: 'from', why: 'It is in the future: there is nothing to replay yet.' };
  return forwards ? undefined : { member: 'to', why: 'It is not later than `from`: the range is empty.' };
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

/** Days are dropped oldest first, so the log begins with the oldest that is left. */
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

/** Has a range delivered again, in the log's order, after earlier replays. The operator chooses the id: a repeated request is done once. */
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
