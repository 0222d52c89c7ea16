import type { Queryable } from './database';

/** Created by a migration. */
export interface Installation {
  /** Identifies this database. */
  readonly id: string;
  /** Never leaves the process: at least 32 random bytes that authenticate what this database's processes keep elsewhere. */
  readonly cacheSecret: Buffer;
}

export async function installationOf(db: Queryable): Promise<Installation> {
  const { rows } = await db.query<Installation>(`select id, cache_secret as "cacheSecret" from installation`);
  if (!rows[0]) throw new Error('The database has no id: run `npm run migrate`');
  return rows[0];
}
