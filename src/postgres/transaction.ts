import type { Queryable, Session } from './session';

/** A separate type, so that nobody can append an event outside a transaction. */
export interface Transaction extends Queryable {
  readonly inTransaction: true;
  /**
   * For a transaction's first statements, which must not write: they are sent together with its `begin`. If that fails, they have run
   * without a transaction, and fail too.
   */
  readonly first: Queryable;
}

/** Runs `work` between begin and commit. The caller rolls back if this throws. */
export async function inTransaction<T>(session: Session, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const begun = session.query(session.begin);
  // Every statement, and the commit, reports this failure.
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
  // After a failed statement Postgres answers `commit` with a rollback, and not with an error.
  if (command !== 'COMMIT')
    throw new Error('Nothing was committed: a statement failed and its error was ignored', { cause: failed });
  return result;
}
