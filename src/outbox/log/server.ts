/*
 * A place is a snapshot, and a snapshot means something only in the life of the server that gave it. Postgres writes a commit to its log
 * before anybody sees it, but not that a transaction took an id and was rolled back. After a crash the ids of the tail that was not
 * written are handed out again: to a place from before the crash, those new transactions are ones that it has seen. A standby that is
 * promoted does the same with what it had not been sent.
 *
 * So each place in memory belongs to one life of one server (`SERVER_LIFE`). Every statement that uses a place says in which life it ran,
 * and a cursor is moved only in the life in which its page was read. A lane lives no longer than that: it ends (`ServerChanged`), and
 * begins again at what is in `outbox_cursors`.
 *
 * What is in `outbox_cursors` is provably below. The snapshot of a place is taken before the transaction that writes the place down gets
 * its id, in the same life. So that id is not below the snapshot's xmax, and everything that the snapshot sees is earlier in the log than
 * that transaction's commit. A server that has the row has recovered that commit, and with it all that is before: it hands out none of
 * these ids again, and what the place sees has ended there too. That holds for a crash, for a standby, and for a restored backup,
 * because the log of each begins as the other's does. Events are read again from there: duplicates, and never a gap.
 *
 * It does not hold for rows that came by another way: copied to another cluster by a dump, or with ids that were reset by hand. Such a place
 * gives itself away by the system identifier, by a timeline above the server's, or by an xmax above the server's. Where it lies among
 * this server's transactions nobody can tell; only the beginning of the log is provably below it, so the lane is rewound to there.
 */
import type { Queryable } from '../../postgres/database';
import { sqlStateOf } from '../../postgres/error-codes';
import type { Logger } from '../../runtime/logger';

/**
 * The life in which the statement runs; null until somebody has given it a name. A crash, a promotion and a restore empty the table. Of a
 * cold copy only the start time tells.
 */
export const SERVER_LIFE = `(select concat(id, '@', extract(epoch from pg_postmaster_start_time())) from outbox_server_life)`;

/** The server has crashed or is another one, so what was read before is worth nothing: it is read again from `outbox_cursors`. */
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
  /** Undefined where this role may not ask. */
  readonly identity: ServerIdentity | undefined;
}

/** Which server this is now. A life without a name gets one. */
export async function meetServer(db: Queryable, logger: Logger, known: Server | undefined): Promise<Server> {
  const life = (await lifeOf(db)) ?? (await beginLife(db));
  if (life === known?.life) return known;
  const server = { life, identity: await identify(db, logger) };
  logger.info(server, 'met Postgres: all lanes begin at what is in outbox_cursors');
  return server;
}

async function lifeOf(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ life: string | null }>(`select ${SERVER_LIFE} as life`);
  return rows[0]?.life ?? null;
}

async function beginLife(db: Queryable): Promise<string> {
  // Another relay may be faster, which is as good.
  await db.query(`insert into outbox_server_life default values on conflict do nothing`);
  const life = await lifeOf(db);
  if (life === null) throw new Error('Postgres has crashed again before its life had a name');
  return life;
}

/** The timeline is that of the log that is being written: what the last checkpoint says may be from before a promotion. */
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
      'This role may not call pg_control_system(): cursors restored into another cluster are known by their ids only',
    );
    return undefined;
  }
}
