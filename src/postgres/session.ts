import { createHash } from 'node:crypto';
import type { ClientBase, QueryResult, QueryResultRow } from 'pg';

/** Well below an activity's ten seconds. None of our statements should need longer. */
export const STATEMENT_TIMEOUT_MS = 5_000;
/** A process that is paused inside a transaction must not hold an order's lock for ever. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

const LIMITS = Object.entries({
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
});
const BEGIN_WITH_LIMITS = ['begin', ...LIMITS.map(([name, ms]) => `set local ${name} = ${ms}`)].join('; ');

export interface Queryable {
  /** A statement with values is prepared once for each connection: its text must not depend on them. */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** An open connection. */
export interface Session extends Queryable {
  /**
   * True behind a pooler, which lends a Postgres session for one transaction: what is set or prepared outside of it is gone in the next
   * one, or appears in somebody else's. So nothing is, and each transaction sets its own time limits.
   */
  readonly isPooled: boolean;
  /** The statement that begins a transaction with our time limits. */
  readonly begin: string;
}

/** For a connection that was just opened. */
export async function openSession(client: ClientBase, nameOf: (text: string) => string): Promise<Session> {
  const isPooled = await limitUnlessPooled(client);
  return {
    isPooled,
    begin: isPooled ? BEGIN_WITH_LIMITS : 'begin',
    query: (text, values = []) => {
      const name = isPooled || values.length === 0 ? undefined : nameOf(text);
      return client.query({ text, values: [...values], name });
    },
  };
}

/**
 * True behind a pooler, which is recognised by the process id it gives its clients. Otherwise sets the time limits for the session. They are
 * not startup parameters, because PgBouncer refuses those that it does not know.
 */
async function limitUnlessPooled(client: ClientBase & { readonly processID?: number | null }): Promise<boolean> {
  const limits = LIMITS.map(([name, ms]) => `set_config('${name}', '${ms}', is_pooled)`);
  const { rows } = await client.query<{ isPooled: boolean }>(
    `select is_pooled as "isPooled", ${limits.join(', ')}
       from (select pg_backend_pid() <> ${client.processID ?? 0} as is_pooled) as session`,
  );
  return rows[0]?.isPooled !== false;
}

/**
 * Names each statement by a hash of its text, so that only the name is sent once a connection has prepared it. The same in every process:
 * whoever prepared a name, it stands for this text.
 */
export function namesOfTexts(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text) ?? createHash('sha256').update(text).digest('base64url');
    names.set(text, name);
    return name;
  };
}
