import type { Queryable } from '../../postgres/database';
import { EVENT_COLUMNS, outboxEventOf } from '../outbox-event';
import type { EventRow, OutboxEvent } from '../outbox-event';
import { SERVER_LIFE } from './server';

/** Whoever finds so many at once leaves it to the lanes to read pages of their own. */
const MANY = 200;

/** Ordered and limited, so that the index is worth it even to a plan that was made while the day was empty: else it reads the day. */
const fresh = (unseen: string): string =>
  `(select event.shard, event.txid, event.position, ${EVENT_COLUMNS}
      from outbox_events event
     where event.txid ${unseen}
     order by event.txid, event.position
     limit ${MANY})`;

export const PULSE = `select pg_current_snapshot()::text as snapshot, ${SERVER_LIFE} as life, unseen.*
  from (values (1)) always
  left join (
    ${fresh(`= any (array(select pg_snapshot_xip($1::pg_snapshot)))`)}
    union all
    ${fresh(`>= pg_snapshot_xmax($1::pg_snapshot)`)}
  ) unseen on true
 order by unseen.txid, unseen.position`;

type Row = Moment & ((EventRow & { shard: number; txid: string }) | { shard: null });

/** A snapshot, and the life of the server in which it means something. */
export interface Moment {
  readonly snapshot: string;
  readonly life: string | null;
}

export interface PolledEvent {
  readonly shard: number;
  readonly txid: bigint;
  readonly event: OutboxEvent;
}

/** What one look of a relay has found for all of its lanes: the log's difference from one snapshot to the next. */
export interface LogPoll extends Moment {
  readonly since: string;
  /** In (transaction, position) order; undefined where there were too many. */
  readonly events: readonly PolledEvent[] | undefined;
}

/** Looks once for all lanes of a relay. It decides nothing: what it found is a lane's page only where the lane's place fits. */
export async function pollLog(db: Queryable, since: string): Promise<LogPoll> {
  const { rows } = await db.query<Row>(PULSE, [since]);
  const [first] = rows;
  if (!first) throw new Error('A pulse without a row, although it begins with one');
  const events = rows.flatMap((row) =>
    row.shard === null ? [] : [{ shard: row.shard, txid: BigInt(row.txid), event: outboxEventOf(row) }],
  );
  const { snapshot, life } = first;
  return { since, snapshot, life, events: events.length < MANY ? events : undefined };
}

/** Whether a lane of the shard may have got anything to do, if it is for these types only. */
export const concerns = ({ events }: LogPoll, shard: number, types?: readonly string[]): boolean =>
  events?.some((found) => found.shard === shard && (types?.includes(found.event.type) ?? true)) ?? true;

/** Where a first pulse begins. */
export async function thisMoment(db: Queryable): Promise<Moment> {
  const { rows } = await db.query<Moment>(`select pg_current_snapshot()::text as snapshot, ${SERVER_LIFE} as life`);
  const [now] = rows;
  if (!now) throw new Error('A snapshot without a row');
  return now;
}
