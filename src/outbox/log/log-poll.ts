import type { Queryable } from '../../postgres/database';
import { EVENT_COLUMNS, outboxEventOf } from '../outbox-event';
import type { EventRow, OutboxEvent } from '../outbox-event';
import { SERVER_LIFE } from './server';

/** If a poll finds this many, the lanes read their own pages instead. */
const MANY = 200;

/** Ordered and limited, so that even a plan made while the day was empty uses the index and does not scan the day. */
const fresh = (unseen: string): string =>
  `(select event.shard, event.txid, event.position, ${EVENT_COLUMNS}
      from outbox_events event
     where event.txid ${unseen}
     order by event.txid, event.position
     limit ${MANY})`;

export const POLL = `select pg_current_snapshot()::text as snapshot, ${SERVER_LIFE} as life, unseen.*
  from (values (1)) always
  left join (
    ${fresh(`= any (array(select pg_snapshot_xip($1::pg_snapshot)))`)}
    union all
    ${fresh(`>= pg_snapshot_xmax($1::pg_snapshot)`)}
  ) unseen on true
 order by unseen.txid, unseen.position`;

type Row = Moment & ((EventRow & { shard: number; txid: string }) | { shard: null });

/** A snapshot, and the server's life in which it is valid. */
export interface Moment {
  readonly snapshot: string;
  readonly life: string | null;
}

export interface PolledEvent {
  readonly shard: number;
  readonly txid: bigint;
  readonly event: OutboxEvent;
}

/** What one poll found for all lanes of a relay: the log's difference from one snapshot to the next. */
export interface LogPoll extends Moment {
  readonly since: string;
  /** In (transaction, position) order; undefined if there were too many. */
  readonly events: readonly PolledEvent[] | undefined;
}

/** Polls once for all lanes of a relay. The result is a lane's page only if it fits the lane's place: see `pageFromPoll`. */
export async function pollLog(db: Queryable, since: string): Promise<LogPoll> {
  const { rows } = await db.query<Row>(POLL, [since]);
  const [first] = rows;
  if (!first) throw new Error('A poll returned no row, although it always has one');
  const events = rows.flatMap((row) =>
    row.shard === null ? [] : [{ shard: row.shard, txid: BigInt(row.txid), event: outboxEventOf(row) }],
  );
  const { snapshot, life } = first;
  return { since, snapshot, life, events: events.length < MANY ? events : undefined };
}

/** Whether there may be something for a lane of the shard that wants only these types. */
export const concerns = ({ events }: LogPoll, shard: number, types?: readonly string[]): boolean =>
  events?.some((found) => found.shard === shard && (types?.includes(found.event.type) ?? true)) ?? true;

/** Where the first poll begins. */
export async function currentMoment(db: Queryable): Promise<Moment> {
  const { rows } = await db.query<Moment>(`select pg_current_snapshot()::text as snapshot, ${SERVER_LIFE} as life`);
  const [now] = rows;
  if (!now) throw new Error('A snapshot returned no row');
  return now;
}
