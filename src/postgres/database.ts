import { Pool, types } from 'pg';
import type { CustomTypesConfig, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { isHanging } from './error-codes';

/** Answers, or fails, well before an activity's ten seconds are over; a statement that needs longer is a bug here. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** When Postgres itself hangs it cannot time its statements: then we do. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;
/** Long enough for a restart of Postgres to be noticed as such, short enough for a client to get its 503. */
const CONNECT_TIMEOUT_MS = 3_000;
/** A process that was stopped inside a transaction must not hold an order's lock for ever. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

export interface Queryable {
  /** A statement that has values is prepared once for each connection: its text must not depend on them. */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** What `transaction` hands out. A type of its own, so that nobody appends an event outside a transaction. */
export interface Transaction extends Queryable {
  readonly inTransaction: true;
  /**
   * For a transaction's first statements, which must write nothing: they travel together with its `begin`. Where that fails they have run
   * without a transaction, and fail too.
   */
  readonly first: Queryable;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction. Throws what `work` throws, after a rollback. If the commit's acknowledgement is lost
   * this throws although the work may be there: every caller must be able to run again.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** int8 comes as text, because it may not fit a number: it becomes a bigint here, once. */
const parsers: CustomTypesConfig = {
  getTypeParser: (oid, format): unknown => (oid === types.builtins.INT8 ? BigInt : types.getTypeParser(oid, format)),
};

export interface DatabaseOptions {
  readonly connections: number;
  /** Hears of connections that die while nobody uses them. */
  readonly onIdleError: (error: Error) => void;
}

/**
 * A pool of at most `connections`. What is asked of one connection without waiting for the answers in between travels together, and is
 * answered in order: in a transaction, `Promise.all` is one round trip, and fails with the first statement that did.
 */
export function openDatabase(url: string, { connections, onIdleError }: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    types: parsers,
    pipeline: true,
  });
  const nameOf = namesOfTexts();
  const toConfig: ToConfig = (text, values = []) => ({
    text,
    values: [...values],
    name: values.length > 0 ? nameOf(text) : undefined,
  });
  pool.on('error', onIdleError);

  return {
    query: (text, values) => pool.query(toConfig(text, values)),
    transaction: (work) => inTransaction(pool, work, toConfig),
    close: () => pool.end(),
  };
}

type ToConfig = (text: string, values?: readonly unknown[]) => QueryConfig;

/** Each text under a short name of its own, which is all that travels once a connection knows it. */
function namesOfTexts(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text) ?? `statement-${names.size}`;
    names.set(text, name);
    return name;
  };
}

async function inTransaction<T>(pool: Pool, work: (tx: Transaction) => Promise<T>, toConfig: ToConfig): Promise<T> {
  const client = await pool.connect();
  // A connection lost between two statements is reported by the next statement; without a listener it would be fatal.
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  const begun = client.query('begin');
  // Who asks anything of the transaction, or lets it end, hears of it.
  begun.catch(ignore);
  try {
    const result = await work({
      inTransaction: true,
      first: {
        query: async (text, values) => {
          const [, answer] = await Promise.all([begun, client.query(toConfig(text, values))]);
          return answer;
        },
      },
      query: async (text, values) => {
        await begun;
        return client.query(toConfig(text, values));
      },
    });
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    // A server that does not answer would let the rollback wait as long again.
    if (isHanging(error)) {
      broken = error as Error;
      throw error;
    }
    await client.query('rollback').catch((cause: Error) => {
      // The connection is gone, and Postgres rolls back by itself: only do not give it to the next one.
      broken = cause;
    });
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}
