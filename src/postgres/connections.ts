import { Pool, types } from 'pg';
import type { ClientBase, CustomTypesConfig } from 'pg';
import { DISK_FULL, sqlStateOf } from './error-codes';
import { namesOfTexts, openSession, STATEMENT_TIMEOUT_MS } from './session';
import type { Session } from './session';

/** A Postgres that hangs cannot enforce its own statement timeout, so we have one too. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;
/** Long enough to recognise a restart of Postgres, short enough for a client to get its 503. */
const CONNECT_TIMEOUT_MS = 3_000;
/** One burst often follows another, and keeping a connection costs Postgres less than opening one. */
const IDLE_TIMEOUT_MS = 5 * 60_000;

/** `pg` returns int8 as text, because it may not fit a number; here it becomes a bigint. */
const parsers: CustomTypesConfig = {
  getTypeParser: (oid, format): unknown => (oid === types.builtins.INT8 ? BigInt : types.getTypeParser(oid, format)),
};

export interface DatabaseOptions {
  readonly connections: number;
  /** Called when a connection dies while it is idle. */
  readonly onIdleError: (error: Error) => void;
}

/** `damage` says what is wrong with the connection after an error, if anything: a damaged one is not used again. */
export interface Use<T> {
  readonly work: (session: Session) => Promise<T>;
  readonly damage: (session: Session, error: Error) => Promise<Error | undefined>;
}

/** At most `connections`, each used by one caller at a time. */
export function openConnections(url: string, { connections, onIdleError }: DatabaseOptions) {
  const nameOf = namesOfTexts();
  const sessions = new WeakMap<ClientBase, Session>();
  let opened = 0;
  let wasFull = false;
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    types: parsers,
    pipeline: true,
    // The pool awaits the promise, although its types do not say so.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises
    onConnect: async (client) => {
      opened += 1;
      sessions.set(client, await openSession(client, nameOf));
    },
  });
  pool.on('error', onIdleError);

  return {
    opened: () => opened,
    wasFull: () => wasFull,
    foundSpace: () => void (wasFull = false),
    close: () => pool.end(),
    lend: async <T>({ work, damage }: Use<T>): Promise<T> => {
      const client = await pool.connect();
      const session = sessions.get(client);
      if (!session) throw new Error('The pool returned a connection that is not open yet');
      // A connection lost between two statements is reported by the next statement; without a listener it would be fatal.
      const ignore = () => undefined;
      client.on('error', ignore);
      let broken: Error | undefined;
      try {
        return await work(session);
      } catch (error) {
        if (sqlStateOf(error) === DISK_FULL) wasFull = true;
        broken = await damage(session, error as Error);
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(broken);
      }
    },
  };
}
