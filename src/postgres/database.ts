import { Pool, types } from 'pg';
import type { CustomTypesConfig, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
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
  /** With a name the statement is prepared once for each connection: for what is asked so often that planning it would be felt. */
  query<Row extends QueryResultRow>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<QueryResult<Row>>;
}

/** What `transaction` hands out. A type of its own, so that nobody appends an event outside a transaction. */
export interface Transaction extends Queryable {
  readonly inTransaction: true;
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

/** A pool of at most `connections`; `onIdleError` hears of connections that die while nobody uses them. */
export function openDatabase(
  url: string,
  { connections, onIdleError }: { connections: number; onIdleError: (error: Error) => void },
): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    types: parsers,
  });
  pool.on('error', onIdleError);

  return {
    query: (text, values, name) => pool.query(statement(text, values, name)),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

async function inTransaction<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection lost between two statements is reported by the next statement; without a listener it would be fatal.
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(transactionOn(client));
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

const transactionOn = (client: PoolClient): Transaction => ({
  inTransaction: true,
  query: (text, values, name) => client.query(statement(text, values, name)),
});

const statement = (text: string, values: readonly unknown[] = [], name?: string): QueryConfig => ({
  text,
  values: [...values],
  ...(name === undefined ? {} : { name }),
});
