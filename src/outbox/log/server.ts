/*
 * A place is a snapshot, and a snapshot is valid only in the life of the server that took it. Postgres writes a commit to its log (the WAL)
 * before anybody sees it, but it does not log that a transaction took an id and was rolled back. After a crash it hands out the ids of the
 * unwritten tail again, and a place from before the crash takes the new transactions for ones that it has seen. A promoted standby does the
 * same with what it was never sent.
 *
 * So each place in memory belongs to one life of one server (`SERVER_LIFE`). Every statement that uses a place returns the life in which it
 * ran, and a cursor moves only in the life in which its page was read. A lane lives no longer than that: it ends (`ServerChanged`), and
 * starts again from `outbox_cursors`.
 *
 * The place in `outbox_cursors` is provably not ahead of the server. The snapshot of a place is taken before the transaction that stores
 * the place gets its id, in the same life. So that id is not below the snapshot's xmax, and everything that the snapshot sees comes
 * before that transaction's commit in the WAL. A server that has the row has recovered that commit and everything before it: it hands out
 * none of these ids again, and the transactions that the place sees have ended there too. This holds after a crash, for a standby, and for
 * a restored backup, because their WALs share that beginning. Reading again from there gives duplicates, never a gap.
 *
 * It does not hold for rows that came another way: copied to another cluster by a dump, or with ids that were reset by hand. Such a place
 * is recognised by its system identifier, by a timeline above the server's, or by an xmax above the server's. Nobody can tell where it
 * lies among this server's transactions; only the beginning of the log is provably before it, so the lane is rewound to the beginning.
 */
import type { Queryable } from '../../postgres/database';
import { sqlStateOf } from '../../postgres/error-codes';
import type { Logger } from '../../runtime/logger';

/**
 * The server's life in which the statement runs; null until a relay has named it. A crash, a promotion and a restore empty the unlogged
 * table. Only the start time tells a cold copy apart.
 */
export const SERVER_LIFE = `(select concat(id, '@', extract(epoch from pg_postmaster_start_time())) from outbox_server_life)`;

/** The server has crashed or is another one, so what was read before is void: the lane reads again from `outbox_cursors`. */
export class ServerChanged extends Error {
  constructor({ sink, shard }: { readonly sink: string; readonly shard: number }) {
    super(`Shard ${shard} of ${sink} was read before Postgres crashed, restarted or failed over`);
    this.name = 'ServerChanged';
  }
}

export interface ServerIdentity {
  readonly systemIdentifier: string;
  readonly timeline: number;
}

export interface Server {
  readonly life: string;
  /** Undefined if this role may not read it. */
  readonly identity: ServerIdentity | undefined;
}

/** Which server this is now. Names its life if that has no name yet. */
export async function currentServer(db: Queryable, logger: Logger, known: Server | undefined): Promise<Server> {
  const life = (await lifeOf(db)) ?? (await beginLife(db));
  if (life === known?.life) return known;
  const server = { life, identity: await identify(db, logger) };
  logger.info(server, 'Postgres is new or was restarted: all lanes start from outbox_cursors');
  return server;
}

async function lifeOf(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ life: string | null }>(`select ${SERVER_LIFE} as life`);
  return rows[0]?.life ?? null;
}

async function beginLife(db: Queryable): Promise<string> {
  // Another relay may be faster, which is just as good.
  await db.query(`insert into outbox_server_life default values on conflict do nothing`);
  const life = await lifeOf(db);
  if (life === null) throw new Error('Postgres crashed again before its life was named');
  return life;
}

/** The timeline of the WAL being written: that of the last checkpoint may be from before a promotion. */
const IDENTITY = `
  select system_identifier::text as "systemIdentifier",
         ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer as timeline
    from pg_control_system()`;

const NOT_ALLOWED = '42501';
const NO_SUCH_FUNCTION = '42883';

async function identify(db: Queryable, logger: Logger): Promise<ServerIdentity | undefined> {
  try {
    return (await db.query<ServerIdentity>(IDENTITY)).rows[0];
  } catch (error) {
    if (![NOT_ALLOWED, NO_SUCH_FUNCTION].includes(sqlStateOf(error) ?? '')) throw error;
    logger.warn(
      'This role may not call pg_control_system(): cursors restored into another cluster are recognised only by their transaction ids',
    );
    return undefined;
  }
}
