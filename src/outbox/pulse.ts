import type { Queryable } from '../postgres/database';
import { ALL_SHARDS } from './shards';

/** Whoever finds so many at once need not look where they are: everywhere. */
const MANY = 32;

/** Ordered and limited to a few, so that the index is worth it even to a plan that was made while the day was empty: else it reads the day. */
const fresh = (unseen: string): string =>
  `(select event.shard from outbox_events event where event.txid ${unseen} order by event.txid limit ${MANY})`;

export interface Pulse {
  /** What this pulse has seen, for the next one. */
  readonly snapshot: string;
  /** The shards that have got events since the last one. */
  readonly shards: readonly number[];
}

/** Looks once, for all lanes of a relay, where there is anything to do. It decides nothing: each lane reads for itself. */
export async function feelPulse(db: Queryable, since: string): Promise<Pulse> {
  const { rows } = await db.query<Pulse>(
    `select pg_current_snapshot()::text as snapshot,
            array(
              ${fresh(`= any (array(select pg_snapshot_xip($1::pg_snapshot)))`)}
              union all
              ${fresh(`>= pg_snapshot_xmax($1::pg_snapshot)`)}
            ) as shards`,
    [since],
    'outbox-pulse',
  );
  const [pulse] = rows;
  if (!pulse) throw new Error('A pulse without a row, although it aggregates');
  return pulse.shards.length < MANY ? pulse : { ...pulse, shards: ALL_SHARDS };
}

/** Where a first pulse begins. */
export async function currentSnapshot(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ snapshot: string }>(`select pg_current_snapshot()::text as snapshot`);
  const [now] = rows;
  if (!now) throw new Error('A snapshot without a row');
  return now.snapshot;
}
