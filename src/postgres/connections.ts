import { Pool, types } from 'pg';
import type { ClientBase, CustomTypesConfig } from 'pg';
import { DISK_FULL, sqlStateOf } from './error-codes';
import { namesOfTexts, openSession, STATEMENT_TIMEOUT_MS } from './session';
import type { Session } from './session';

/** When Postgres itself hangs it cannot time its statements: then we do. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;
/** Long enough for a restart of Postgres to be noticed as such, short enough for a client to get its 503. */
const CONNECT_TIMEOUT_MS = 3_000;
/** After a burst there is often another, and a connection that is kept costs Postgres less than one that is opened. */
const IDLE_TIMEOUT_MS = 5 * 60_000;

/** int8 comes as text, because it may not fit a number: it becomes a bigint here, once. */
const parsers: CustomTypesConfig = {
  getTypeParser: (oid, format): unknown => (oid === types.builtins.INT8 ? BigInt : types.getTypeParser(oid, format)),
};

export interface DatabaseOptions {
  readonly connections: number;
  /** Hears of connections that die while nobody uses them. */
  readonly onIdleError: (error: Error) => void;
}

/** What a connection is used for, and what is wrong with it after an error, if anything: then nobody gets it any more. */
export interface Use<T> {
  readonly work: (session: Session) => Promise<T>;
  readonly damage: (session: Session, error: Error) => Promise<Error | undefined>;
}

/** At most `connections`, each lent to one at a time. */
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
    // The pool waits for the promise, of which its types know nothing.
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
      if (!session) throw new Error('The pool has lent a connection that is not open yet');
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
