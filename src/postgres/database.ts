import { openConnections } from './connections';
import type { DatabaseOptions } from './connections';
import { isHanging, keepsSession } from './error-codes';
import type { Queryable, Session } from './session';
import { isStillFull } from './space';
import { inTransaction } from './transaction';
import type { Transaction } from './transaction';

export type { Queryable, Transaction };

export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction. Throws what `work` throws, after a rollback; also throws if `work` ignored a failed statement. If the
   * acknowledgement of the commit is lost, this throws although the work may be committed: every caller must be safe to retry.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** How many connections have been opened so far. Under a steady load it does not grow, unless connections are lost. */
  readonly connectionsOpened: () => number;
  /** Whether Postgres has refused a statement because its disk was full, and still has no space. */
  isFull(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * A pool of at most `connections`. Statements on one connection are pipelined if nobody waits for the results in between, and are answered
 * in order: in a transaction, `Promise.all` is one round trip, and fails with the first statement that failed.
 */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const { lend, opened, wasFull, foundSpace, close } = openConnections(url, options);
  const transaction: Database['transaction'] = (work) =>
    lend({ work: (session) => inTransaction(session, work), damage: rolledBack });
  return {
    query: (text, values) =>
      lend({
        // Behind a pooler a single statement would have no time limit.
        work: (session) =>
          session.isPooled
            ? inTransaction(session, ({ first }) => first.query(text, values))
            : session.query(text, values),
        damage: async (session, error) =>
          session.isPooled ? rolledBack(session, error) : keepsSession(error) ? undefined : error,
      }),
    transaction,
    connectionsOpened: opened,
    isFull: async () => {
      if (!wasFull()) return false;
      const isFull = await isStillFull(transaction);
      if (!isFull) foundSpace();
      return isFull;
    },
    close,
  };
}

async function rolledBack(session: Session, error: Error): Promise<Error | undefined> {
  // A rollback would wait just as long for a server that does not answer.
  if (isHanging(error)) return error;
  try {
    await session.query('rollback');
    return undefined;
  } catch (cause) {
    // The connection is gone, and Postgres rolls back by itself: just do not use it again.
    return cause as Error;
  }
}
