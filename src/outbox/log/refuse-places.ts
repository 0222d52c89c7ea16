import type { Database, Queryable } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import type { Server } from './server';

/** Whether a place has seen transactions that this server has not reached. */
const isBeyond = (snapshot: string): string =>
  `pg_snapshot_xmax(${snapshot}) > pg_snapshot_xmax(pg_current_snapshot())`;

/** Why a place cannot be this server's; null if it can. Identities are compared only if both are known. */
const REASON = `
  case when system_identifier <> $2 then 'It was written on another server: ' || system_identifier
       when timeline > $3 then 'It was written on timeline ' || timeline || ', which this server has not reached'
       when ${isBeyond('snapshot')} then 'It is beyond this server''s transactions: ' || pg_snapshot_xmax(snapshot)
       when ${isBeyond('target')} then 'It is beyond this server''s transactions: ' || pg_snapshot_xmax(target)
  end`;

const SUSPECTS = `select shard from outbox_cursors where sink = any ($1) and ${REASON} is not null`;

/** With a new epoch, so that the lane's holder loses it. */
const REWIND = `
  update outbox_cursors
     set snapshot = '1:1:', target = null, after_txid = null, after_position = null,
         system_identifier = $2, timeline = $3,
         rewinds = rewinds + 1, rewound_at = now(), rewind_reason = ${REASON},
         owner = null, epoch = epoch + 1, leased_until = now()
   where sink = any ($1)
     and ${REASON} is not null
  returning sink, shard, rewind_reason as reason`;

/**
 * Rewinds lanes whose place cannot be this server's to the beginning of the log, and logs it: everything in the log is delivered again.
 * `server.ts` explains why.
 */
export async function refusePlaces(
  db: Database,
  logger: Logger,
  { sinks, server }: { sinks: readonly string[]; server: Server },
): Promise<void> {
  const which = [sinks, server.identity?.systemIdentifier ?? null, server.identity?.timeline ?? null];
  const { rowCount: suspects } = await db.query(SUSPECTS, which);
  if (suspects === 0) return;
  const rewound = await db.transaction(async (tx) => {
    // Locked first, so that no place is compared with a snapshot older than itself.
    await tx.query(`${SUSPECTS} order by sink, shard for update`, which);
    return (await tx.query<{ sink: string; shard: number; reason: string }>(REWIND, which)).rows;
  });
  for (const lane of rewound)
    logger.error(lane, 'a stored place was refused: its lane reads the log from the beginning');
}

/**
 * Throws if the log holds events with transaction ids that this server has not reached: they came with a dump of another cluster. They are
 * new to every snapshot of this server, so they would be delivered again for ever.
 */
export async function refuseForeignLog(db: Queryable): Promise<void> {
  const { rowCount } = await db.query(
    `select from outbox_events where txid >= pg_snapshot_xmax(pg_current_snapshot()) limit 1`,
  );
  if (rowCount === 0) return;
  throw new Error(
    'outbox_events holds transaction ids of another Postgres: it was restored from a dump. ' +
      'Run the statements of docs/events.md, "When Postgres changes under it", then start the relay again.',
  );
}
