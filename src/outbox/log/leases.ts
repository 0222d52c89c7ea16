import type { Queryable } from '../../postgres/database';
import { CURSOR_COLUMNS } from './cursors';
import type { CursorRow, Held } from './cursors';
import type { ServerIdentity } from './server';
import { ALL_SHARDS } from './shards';
import type { Sink } from '../sink';

/** A killed relay holds up its shards for this long; one that a busy machine pauses for a second loses none. */
export const LEASE_MS = 6_000;
/** A relay that has not been seen for this long no longer gets a share of the lanes. */
const PRESENT_MS = LEASE_MS;

/**
 * Creates the cursors of new sinks, at the beginning of the log, and stores in all of them which types their sink wants now. Rows that need
 * no change are not touched: updating them would wait for a relay that was paused while it moved a cursor.
 */
export async function ensureCursors(db: Queryable, sinks: readonly Pick<Sink, 'name' | 'types'>[]): Promise<void> {
  const wanted = JSON.stringify(sinks.map(({ name, types }) => ({ name, types })));
  await db.query(
    `insert into outbox_cursors (sink, shard, types)
     select wanted.name, shard, wanted.types
       from jsonb_to_recordset($1::jsonb) as wanted (name text, types text[]), unnest($2::smallint[]) shard
      where (wanted.name, shard) not in (select sink, shard from outbox_cursors)
     on conflict do nothing`,
    [wanted, ALL_SHARDS],
  );
  await db.query(
    `update outbox_cursors
        set types = wanted.types
       from jsonb_to_recordset($1::jsonb) as wanted (name text, types text[])
      where outbox_cursors.sink = wanted.name
        and outbox_cursors.types is distinct from wanted.types`,
    [wanted],
  );
}

/** How many relays have a sink, and how many of them can reach it, as far as they know. */
export interface Presence {
  readonly relays: number;
  readonly able: number;
}

/** Registers the relay as alive, with the sinks that it cannot reach; returns how many relays each sink has, this one included. */
export async function registerRelay(
  db: Queryable,
  relay: string,
  { sinks, unable }: { sinks: readonly string[]; unable: readonly string[] },
): Promise<Map<string, Presence>> {
  await db.query(
    `insert into outbox_relays (id, sinks, unable, seen_at) values ($1, $2, $3, now())
     on conflict (id) do update set seen_at = now(), unable = excluded.unable`,
    [relay, sinks, unable],
  );
  await db.query(`delete from outbox_relays where seen_at < now() - $1 * interval '1 ms'`, [PRESENT_MS]);
  const { rows } = await db.query<{ sink: string; relays: number; able: number }>(
    `select sink, count(*)::integer as relays, (count(*) filter (where sink <> all (unable)))::integer as able
       from unnest($1::text[]) sink
       join outbox_relays on sink = any (sinks)
      group by sink`,
    [sinks],
  );
  return new Map(rows.map(({ sink, relays, able }) => [sink, { relays, able }]));
}

export async function leave(db: Queryable, relay: string): Promise<void> {
  await db.query(`delete from outbox_relays where id = $1`, [relay]);
}

/** Renews the relay's leases and returns the lanes it still holds. Stores the server's identity beside each place. */
export async function renew(db: Queryable, relay: string, on: ServerIdentity | undefined): Promise<CursorRow[]> {
  const { rows } = await db.query<CursorRow>(
    `update outbox_cursors
        set leased_until = now() + $2 * interval '1 ms',
            system_identifier = coalesce($3, system_identifier), timeline = coalesce($4, timeline)
      where owner = $1
     returning ${CURSOR_COLUMNS}`,
    [relay, LEASE_MS, on?.systemIdentifier ?? null, on?.timeline ?? null],
  );
  return rows;
}

/** Takes up to `most` free shards of a sink, each with a new epoch. */
export async function take(
  db: Queryable,
  relay: string,
  { sink, most }: { sink: string; most: number },
): Promise<CursorRow[]> {
  const { rows } = await db.query<CursorRow>(
    `with free as (
       select sink, shard
         from outbox_cursors
        where sink = $2
          and leased_until <= now()
        order by shard
        limit $3
          for update skip locked
     )
     update outbox_cursors
        set owner = $1, epoch = epoch + 1, leased_until = now() + $4 * interval '1 ms'
       from free
      where outbox_cursors.sink = free.sink
        and outbox_cursors.shard = free.shard
     returning ${CURSOR_COLUMNS.replaceAll(/\b(sink|shard)\b/g, 'outbox_cursors.$1')}`,
    [relay, sink, most, LEASE_MS],
  );
  return rows;
}

/** Gives a shard back, so that another relay need not wait for the lease to expire. Harmless if it is already lost. */
export async function release(db: Queryable, { sink, shard, epoch }: Held): Promise<void> {
  await db.query(
    `update outbox_cursors
        set owner = null, leased_until = now()
      where sink = $1
        and shard = $2
        and epoch = $3`,
    [sink, shard, epoch],
  );
}
