import type { Queryable } from './database';

/** How many sessions anybody has opened since the statistics were reset. Undefined before Postgres 14, which does not count them. */
export async function countSessions(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ sessions: bigint | null }>(
    `select (to_jsonb(figures) ->> 'sessions')::bigint as sessions
       from pg_stat_database as figures
      where datname = current_database()`,
  );
  const sessions = rows[0]?.sessions ?? undefined;
  return sessions === undefined ? undefined : Number(sessions);
}
