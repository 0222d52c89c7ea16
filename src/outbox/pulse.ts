import type { Queryable } from '../postgres/database';

/** Whoever finds so many at once need not look where they are: everywhere. */
const MANY = 32;

/** Ordered and limited to a few, so that the index is worth it even to a plan that was made while the day was empty: else it reads the day. */
const fresh = (unseen: string): string =>
  `(select event.shard, event.type from outbox_events event where event.txid ${unseen} order by event.txid limit ${MANY})`;

const PULSE = `select pg_current_snapshot()::text as snapshot, event.shard, event.type
  from (values (1)) always
  left join (
    ${fresh(`= any (array(select pg_snapshot_xip($1::pg_snapshot)))`)}
    union all
    ${fresh(`>= pg_snapshot_xmax($1::pg_snapshot)`)}
  ) event on true`;

type Row = { snapshot: string } & ({ shard: number; type: string } | { shard: null; type: null });

export interface Pulse {
  /** What this pulse has seen, for the next one. */
  readonly snapshot: string;
  /** Whether a lane of the shard may have got anything to do, if it is for these types only. */
  concerns(shard: number, types?: readonly string[]): boolean;
}

/** Looks once, for all lanes of a relay, where there is anything to do. It decides nothing: each lane reads for itself. */
export async function feelPulse(db: Queryable, since: string): Promise<Pulse> {
  const { rows } = await db.query<Row>(PULSE, [since], 'outbox-pulse');
  const [first] = rows;
  if (!first) throw new Error('A pulse without a row, although it begins with one');
  return {
    snapshot: first.snapshot,
    concerns: (shard, types) =>
      rows.length >= MANY || rows.some((event) => event.shard === shard && (types?.includes(event.type) ?? true)),
  };
}

/** Where a first pulse begins. */
export async function currentSnapshot(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ snapshot: string }>(`select pg_current_snapshot()::text as snapshot`);
  const [now] = rows;
  if (!now) throw new Error('A snapshot without a row');
  return now.snapshot;
}
