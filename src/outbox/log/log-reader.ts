import type { Queryable } from '../../postgres/database';
import { EVENT_COLUMNS, outboxEventOf } from '../outbox-event';
import type { EventRow, OutboxEvent } from '../outbox-event';
import { SERVER_LIFE } from './server';

/**
 * How far a reader is: past everything that `snapshot` sees. Inside a difference of several pages it is also past what `target` sees, up to
 * and including `txid` and `position`.
 */
export interface Place {
  /** A `pg_snapshot` as text. */
  readonly snapshot: string;
  readonly within: { readonly target: string; readonly txid: bigint; readonly position: bigint } | null;
}

/** Sees nothing: the beginning of the log. */
export const BEGINNING: Place = { snapshot: '1:1:', within: null };

export interface PageRequest {
  readonly shard: number;
  readonly place: Place;
  /** Undefined for all. */
  readonly types?: readonly string[] | undefined;
  readonly limit: number;
  /** The sink whose parked events `Page.parked` is about. */
  readonly sink?: string;
}

/** A page, and the server's life in which it was read: a page for a place from another life may have gaps. */
export interface ReadPage extends Page {
  readonly life: string | null;
}

export interface Page {
  readonly events: readonly OutboxEvent[];
  /** The reader's place after these events. */
  readonly next: Place;
  /** True if there is more, or may be: what was committed while a long difference was being read is in the next one. */
  readonly more: boolean;
  /** True if any event of the shard is parked for the sink. Only the lane's holder parks, so false holds until it does. */
  readonly parked: boolean;
}

const part = (unseen: string): string =>
  `(select event.txid, event.position, ${EVENT_COLUMNS}
      from outbox_events event
     where event.shard = $1
       and ${unseen}
       and ($3::pg_snapshot is null or pg_visible_in_snapshot(event.txid, $3::pg_snapshot))
       and ($6::text[] is null or event.type = any ($6::text[]))
     order by event.txid, event.position
     limit $7)`;

/** The first half of a difference: the few transactions that were open at the last snapshot. */
const WERE_OPEN = `event.txid = any (array(select pg_snapshot_xip($2::pg_snapshot)))
       and (event.txid, event.position) > ($4::xid8, $5::bigint)`;

/**
 * The other half: younger transactions. With one lower bound, not two: the index may begin at the lower of two, and then a reader at the
 * end of the log scans all of it to find nothing.
 */
const ARE_YOUNGER = `(event.txid, event.position) > (
             greatest($4::xid8, pg_snapshot_xmax($2::pg_snapshot)),
             case when $4::xid8 >= pg_snapshot_xmax($2::pg_snapshot) then $5::bigint else 0 end)`;

const PAGE = `select pg_current_snapshot()::text as snapshot, ${SERVER_LIFE} as life,
       exists (select from outbox_parked where sink = $8 and outbox_parked.shard = $1) as parked, unseen.*
  from (values (1)) always
  left join (
    ${part(WERE_OPEN)}
    union all
    ${part(ARE_YOUNGER)}
  ) unseen on true
 order by unseen.txid, unseen.position
 limit $7`;

type Row = EventRow & { snapshot: string; life: string | null; parked: boolean; txid: string; position: bigint };

/**
 * The next events of a shard in (transaction, position) order: what the current snapshot sees and the place's does not. One statement has
 * one snapshot, so it returns exactly what it claims to have seen. An event whose position was drawn early and committed late is in the
 * difference in which it was committed, and a transaction that stays open delays only itself.
 */
export async function readPage(db: Queryable, { shard, place, types, limit, sink }: PageRequest): Promise<ReadPage> {
  const { snapshot, within } = place;
  const after = within ?? { target: null, txid: 0n, position: 0n };
  const { rows } = await db.query<Row>(PAGE, [
    ...[shard, snapshot, after.target, after.txid, after.position],
    ...[types ?? null, limit, sink ?? null],
  ]);
  const [first] = rows;
  if (!first) throw new Error('A page returned no row, although it always has one');
  const found = first.id === null ? [] : rows;
  const full = found.length === limit;
  return {
    events: found.map(outboxEventOf),
    next: nextPlace(place, full ? found.at(-1) : undefined, first.snapshot),
    more: full || within !== null,
    parked: first.parked,
    life: first.life,
  };
}

/** A full page may end inside a difference: then its snapshot is kept, so that the next page continues in the same difference. */
function nextPlace({ snapshot, within }: Place, last: Row | undefined, now: string): Place {
  const target = within?.target ?? now;
  if (!last) return { snapshot: target, within: null };
  return { snapshot, within: { target, txid: BigInt(last.txid), position: last.position } };
}
