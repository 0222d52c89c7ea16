import type { Queryable } from './database';

/** The name of this database, made when it was migrated. */
export async function installationOf(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ id: string }>(`select id from installation`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The database has no name: it is not migrated');
  return id;
}
