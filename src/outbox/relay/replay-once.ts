import type { Queryable } from '../../postgres/database';
import { EVENT_COLUMNS, outboxEventOf } from '../outbox-event';
import type { EventRow } from '../outbox-event';
import { REPLAYED } from './replay-range';
import type { Parcel, Sink } from '../sink';

/** Longer than a sink may take for a page. If a relay dies, another takes its replay after this. */
const LEASE = '60 seconds';
/** How long a replay rests after a failure. */
const BACK_OFF = '5 seconds';
/** Small compared with the lanes' pages, so that they hardly notice. */
const PAGE = 200;

/** A replay, and the lease under which it is delivered. */
export interface HeldReplay {
  readonly id: string;
  readonly sink: string;
  readonly target: string;
  readonly epoch: bigint;
}

/** Takes the oldest open replay of one of these sinks that nobody has. Replays of one sink never overtake each other. */
export async function takeReplay(
  db: Queryable,
  owner: string,
  sinks: readonly string[],
): Promise<HeldReplay | undefined> {
  const { rows } = await db.query<HeldReplay>(
    `update outbox_replays
        set owner = $1, epoch = epoch + 1, leased_until = now() + interval '${LEASE}'
      where id = (
              select id
                from (
                  select distinct on (sink) id, leased_until
                    from outbox_replays
                   where sink = any ($2)
                     and finished_at is null
                     and stopped_at is null
                   order by sink, requested_at, id
                ) firsts
               where leased_until <= now()
               limit 1)
        and leased_until <= now()
        and finished_at is null
        and stopped_at is null
     returning id, sink, target, epoch`,
    [owner, sinks],
  );
  return rows[0];
}

/**
 * Delivers the next page of a replay and stores how far it got. False if this relay has nothing more to do: the replay is finished, was
 * stopped, or another relay has it. After a crash in between the page is delivered again. Throws the sink's error if it takes nothing.
 */
export async function replayPage(db: Queryable, held: HeldReplay, sink: Sink): Promise<boolean> {
  const page = await nextPage(db, held);
  const last = page.at(-1);
  if (!last) return finish(db, held);
  const parcels = await parcelsOf(page, held, sink);
  const outcomes = parcels.length === 0 ? [] : await sink.deliver(parcels);
  // No event of an order is skipped in favour of later ones: the page is delivered again until all of it is through.
  for (const outcome of outcomes) {
    if (outcome.status === 'later' || (outcome.status === 'failed' && outcome.retry)) throw new Error(outcome.reason);
  }
  const refused = outcomes.filter(({ status }) => status === 'failed' || status === 'behind').length;
  const { rowCount } = await db.query(
    `update outbox_replays
        set after_txid = $3, after_position = $4, done = done + $5, refused = refused + $6, failure = null,
            leased_until = now() + interval '${LEASE}'
      where ${MINE}`,
    [held.id, held.epoch, last.txid, last.position, page.length, refused],
  );
  return rowCount === 1;
}

const MINE = `id = $1 and epoch = $2 and finished_at is null and stopped_at is null`;

type Row = EventRow & { txid: string; position: bigint };

async function nextPage(db: Queryable, { id, epoch }: HeldReplay): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `select event.txid, event.position, ${EVENT_COLUMNS}
       from (select * from outbox_replays where ${MINE}) replay cross join ${REPLAYED}
        and (event.txid, event.position) > (replay.after_txid, replay.after_position)
      order by event.txid, event.position
      limit ${PAGE}`,
    [id, epoch],
  );
  return rows;
}

/** Leaves out events that the target was never owed. */
async function parcelsOf(page: readonly Row[], { id, target }: HeldReplay, sink: Sink): Promise<Parcel[]> {
  const parcels = page.map((row) => ({ event: outboxEventOf(row), target, replay: id }));
  if (!sink.targetsOf) return parcels;
  const owed: Parcel[] = [];
  for (const parcel of parcels) if ((await sink.targetsOf(parcel.event)).includes(target)) owed.push(parcel);
  return owed;
}

async function finish(db: Queryable, { id, epoch }: HeldReplay): Promise<false> {
  await db.query(`update outbox_replays set finished_at = now(), failure = null where ${MINE}`, [id, epoch]);
  return false;
}

/** Gives the replay back; after a failure it rests first. */
export async function releaseReplay(db: Queryable, { id, epoch }: HeldReplay, failure?: string): Promise<void> {
  await db.query(
    `update outbox_replays
        set owner = null, failure = $3, leased_until = now() + case when $3::text is null then interval '0' else interval '${BACK_OFF}' end
      where ${MINE}`,
    [id, epoch, failure?.slice(0, 500) ?? null],
  );
}
