import type { Queryable, Session } from './session';

/** What `transaction` hands out. A type of its own, so that nobody appends an event outside a transaction. */
export interface Transaction extends Queryable {
  readonly inTransaction: true;
  /**
   * For a transaction's first statements, which must write nothing: they travel together with its `begin`. Where that fails they have run
   * without a transaction, and fail too.
   */
  readonly first: Queryable;
}

/** Runs `work` between begin and commit. Whoever calls it rolls back when it throws. */
export async function inTransaction<T>(session: Session, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const begun = session.query(session.begin);
  // Who asks anything of the transaction, or lets it end, hears of it.
  begun.catch(() => undefined);
  let failed: unknown;
  const send: Queryable['query'] = (text, values) => {
    const answer = session.query<never>(text, values);
    answer.catch((error: unknown) => (failed ??= error));
    return answer;
  };
  const result = await work({
    inTransaction: true,
    first: {
      query: async (text, values) => {
        const [, answer] = await Promise.all([begun, send<never>(text, values)]);
        return answer;
      },
    },
    query: async (text, values) => {
      await begun;
      return send(text, values);
    },
  });
  await begun;
  const { command } = await session.query('commit');
  // Postgres commits nothing after a statement that failed, and does not call that an error.
  if (command !== 'COMMIT')
    throw new Error('Nothing was committed: a statement had failed and its error was ignored', { cause: failed });
  return result;
}
