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
   * Runs `work` in one transaction. Throws what `work` throws, after a rollback, and also where `work` ignored that a statement failed. If
   * the commit's acknowledgement is lost this throws although the work may be there: every caller must be able to run again.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** How many connections were opened so far. Under a steady load it stands still, unless connections are lost. */
  readonly connectionsOpened: () => number;
  /** Postgres has refused a statement because its disk is full, and has no space now either. */
  isFull(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * A pool of at most `connections`. What is asked of one connection without waiting for the answers in between travels together, and is
 * answered in order: in a transaction, `Promise.all` is one round trip, and fails with the first statement that did.
 */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const { lend, opened, wasFull, foundSpace, close } = openConnections(url, options);
  const transaction: Database['transaction'] = (work) =>
    lend({ work: (session) => inTransaction(session, work), damage: rolledBack });
  return {
    query: (text, values) =>
      lend({
        // By itself it would have no time limit in a session that is not ours.
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
  // A server that does not answer would let the rollback wait as long again.
  if (isHanging(error)) return error;
  try {
    await session.query('rollback');
    return undefined;
  } catch (cause) {
    // The connection is gone, and Postgres rolls back by itself: only do not give it to the next one.
    return cause as Error;
  }
}
