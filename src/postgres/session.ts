import { createHash } from 'node:crypto';
import type { ClientBase, QueryResult, QueryResultRow } from 'pg';

/** Answers, or fails, well before an activity's ten seconds are over; a statement that needs longer is a bug here. */
export const STATEMENT_TIMEOUT_MS = 5_000;
/** A process that was stopped inside a transaction must not hold an order's lock for ever. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

const LIMITS = Object.entries({
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
});
const BEGIN_WITH_LIMITS = ['begin', ...LIMITS.map(([name, ms]) => `set local ${name} = ${ms}`)].join('; ');

export interface Queryable {
  /** A statement that has values is prepared once for each connection: its text must not depend on them. */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** A connection, and how it is talked to. */
export interface Session extends Queryable {
  /**
   * A pooler in between lends a session of Postgres for one transaction: what is set or prepared outside of it is gone in the next one, or
   * is there in somebody else's. So nothing is, and each transaction brings its time limits.
   */
  readonly isPooled: boolean;
  /** Begins a transaction that has our time limits. */
  readonly begin: string;
}

/** Of a connection that was just opened. */
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
 * True where a pooler is in between: it gives its clients a process number of its own. Elsewhere the limits are the session's from now on.
 * They do not travel with the start of the session, because PgBouncer refuses what it does not know there.
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
 * Each text under a name of its own, which is all that travels once a connection knows it. It is the same in every process: what a connection
 * has prepared under a name is that text, whoever prepared it.
 */
export function namesOfTexts(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text) ?? createHash('sha256').update(text).digest('base64url');
    names.set(text, name);
    return name;
  };
}
