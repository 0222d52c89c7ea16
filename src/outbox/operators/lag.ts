import { PARKED_STATES } from '../../domain/parked-states';
import type { ParkedState } from '../../domain/parked-states';
import type { Queryable } from '../../postgres/database';
import { PARKED } from '../relay/parked-state';

/** How far a sink is behind the log. */
export interface SinkLag {
  readonly sink: string;
  /** Events that it has not been given yet; parked ones do not count. */
  readonly pending: number;
  /** True if there are more: counting has a limit. */
  readonly atLeast: boolean;
  /** The age of the oldest pending event; null if there is none. */
  readonly oldestSeconds: number | null;
  /** Recent rate of delivery. */
  readonly perSecond: number;
  readonly delivered: number;
  readonly parked: Readonly<Record<ParkedState, number>>;
  /** How often a lane was rewound to the beginning of the log, because its place could not be this server's. */
  readonly rewinds: number;
  /** The last rewind, and why; null if there was none. */
  readonly rewoundAt: string | null;
  readonly rewindReason: string | null;
  readonly lanes: readonly LaneLag[];
}

export interface LaneLag {
  readonly shard: number;
  /** The relay that holds it; null if none does. */
  readonly owner: string | null;
  readonly epoch: number;
  /** Since when it makes no progress although there is something to do, and why; otherwise null. */
  readonly failingSince: string | null;
  readonly failure: string | null;
}

/** A lane makes no progress if it has not stored its place for this long although events have waited as long. */
const STALLED_SECONDS = 60;

/** In each of a sink's lanes: a hundred thousand in total, which takes well under a second, however long the log is. */
const MOST_LOOKED_AT = 12_500;

/**
 * Each lane, with what the current snapshot sees and the lane has not delivered: see `log-reader.ts`. `ahead` begins at the lane's place;
 * `late` was still open in the snapshot of the place, or of its target, and has been committed since.
 */
const LANES = `
  select sink, shard, case when leased_until > now() then owner end as owner, epoch, failing_since as "failingSince", failure,
         moved_at as "movedAt", moved_at < now() - $2 * interval '1 second' as still,
         rewinds, rewound_at as "rewoundAt", rewind_reason as "rewindReason", delivered, outbox_rate(per_second, counted_at, 0) as "perSecond", unread.*
    from (
      select *, greatest(pg_snapshot_xmax(snapshot), after_txid) as from_txid,
             case when after_txid >= pg_snapshot_xmax(snapshot) then after_position else 0 end as from_position
        from outbox_cursors
    ) lane
   cross join lateral (
      select count(*) filter (where wanted) as pending, count(*) >= $1 as more,
             extract(epoch from clock_timestamp() - min(occurred_at) filter (where wanted))::float8 as "oldestSeconds"
        from (
          select lane.types is null or type = any (lane.types) as wanted, occurred_at
            from (
              (select type, occurred_at
                 from outbox_events event
                where event.shard = lane.shard
                  and (event.txid, event.position) > (lane.from_txid, lane.from_position)
                order by event.txid, event.position
                limit $1)
              union all
              (select type, occurred_at
                 from outbox_events event
                where event.shard = lane.shard
                  and event.txid = any (array(
                        select pg_snapshot_xip(lane.snapshot) union select pg_snapshot_xip(lane.target)))
                  and (event.txid, event.position) <= (lane.from_txid, lane.from_position)
                  and (lane.target is null
                       or (event.txid, event.position) > (lane.after_txid, lane.after_position)
                       or not pg_visible_in_snapshot(event.txid, lane.target))
                limit $1)
            ) ahead_and_late
        ) looked_at
   ) unread
   order by sink, shard`;

interface LaneRow extends Pick<LaneLag, 'shard' | 'owner' | 'failure'> {
  sink: string;
  epoch: bigint;
  failingSince: Date | null;
  rewinds: number;
  rewoundAt: Date | null;
  rewindReason: string | null;
  movedAt: Date;
  still: boolean;
  delivered: bigint;
  perSecond: number;
  pending: bigint;
  more: boolean;
  oldestSeconds: number | null;
}

/** Every sink's lag; cheap enough for every few seconds. Includes sinks that no relay runs any more: the log keeps its days for them. */
export async function outboxLag(db: Queryable): Promise<SinkLag[]> {
  const { rows } = await db.query<LaneRow>(LANES, [MOST_LOOKED_AT, STALLED_SECONDS]);
  const parked = await parkedBySink(db);
  // What is parked for a sink stays, even if nobody runs it any more.
  const sinks = [...new Set([...rows.map(({ sink }) => sink), ...parked.keys()])].sort();
  return sinks.map((sink) => ({
    ...lagOf(rows.filter((row) => row.sink === sink)),
    sink,
    parked: parked.get(sink) ?? { waiting: 0, behind: 0, dead: 0 },
  }));
}

function lagOf(rows: readonly LaneRow[]): Omit<SinkLag, 'sink' | 'parked'> {
  const sum = (of: (row: LaneRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const [rewound] = rows
    .filter(({ rewoundAt }) => rewoundAt !== null)
    .sort((one, other) => Number(other.rewoundAt) - Number(one.rewoundAt));
  const ages = rows.flatMap(({ oldestSeconds }) => oldestSeconds ?? []);
  return {
    pending: sum(({ pending }) => Number(pending)),
    atLeast: rows.some(({ more }) => more),
    oldestSeconds: ages.length === 0 ? null : Math.max(0, ...ages),
    perSecond: sum(({ perSecond }) => perSecond),
    delivered: sum(({ delivered }) => Number(delivered)),
    rewinds: sum(({ rewinds }) => rewinds),
    rewoundAt: rewound?.rewoundAt?.toISOString() ?? null,
    rewindReason: rewound?.rewindReason ?? null,
    lanes: rows.map(({ shard, owner, epoch, ...row }) => ({ shard, owner, epoch: Number(epoch), ...troubleOf(row) })),
  };
}

/** What the lane reports; or, if it hangs or nobody holds it, what is seen from outside. */
function troubleOf(lane: Pick<LaneRow, 'failingSince' | 'failure' | 'movedAt' | 'still' | 'oldestSeconds'>) {
  if (lane.failingSince) return { failingSince: lane.failingSince.toISOString(), failure: lane.failure };
  const stalled = lane.still && (lane.oldestSeconds ?? 0) > STALLED_SECONDS;
  if (!stalled) return { failingSince: null, failure: null };
  return { failingSince: lane.movedAt.toISOString(), failure: 'Events are waiting, but the lane makes no progress' };
}

async function parkedBySink(db: Queryable): Promise<Map<string, SinkLag['parked']>> {
  const counts = PARKED_STATES.map((state) => `(count(*) filter (where ${PARKED[state]}))::integer as ${state}`);
  const { rows } = await db.query<SinkLag['parked'] & { sink: string }>(
    `select sink, ${counts.join(', ')} from outbox_parked group by sink`,
  );
  return new Map(rows.map(({ sink, ...counted }) => [sink, counted]));
}
