import { readdirSync } from 'node:fs';
import path from 'node:path';
import { sqlStateOf, UNDEFINED_TABLE } from './error-codes';
import type { Queryable } from './session';

export const MIGRATIONS_DIRECTORY = path.join(__dirname, 'migrations');
export const MIGRATIONS_TABLE = 'migrations';
const KNOWN = readdirSync(MIGRATIONS_DIRECTORY).map((file) => path.parse(file).name);

/** How a database compares with this code, and a sentence if it does not match. */
export interface Schema {
  readonly state: 'current' | 'missing' | 'older' | 'newer';
  readonly sentence: string;
}

/** Throws if Postgres does not answer. */
export async function schemaOf(db: Queryable): Promise<Schema> {
  const applied = await appliedTo(db);
  const [more, less] = [
    applied.filter((name) => !KNOWN.includes(name)),
    KNOWN.filter((name) => !applied.includes(name)),
  ];
  if (applied.length === 0)
    return { state: 'missing', sentence: 'The database has no schema yet: run `npm run migrate`' };
  if (more.length > 0)
    return {
      state: 'newer',
      sentence: `The database is newer than this code (it has ${more.join(', ')}): deploy the newer code instead`,
    };
  if (less.length > 0)
    return {
      state: 'older',
      sentence: `The database is older than this code (it lacks ${less.join(', ')}): run \`npm run migrate\``,
    };
  return { state: 'current', sentence: '' };
}

async function appliedTo(db: Queryable): Promise<string[]> {
  try {
    const { rows } = await db.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE} order by name`);
    return rows.map(({ name }) => name);
  } catch (error) {
    if (sqlStateOf(error) === UNDEFINED_TABLE) return [];
    throw error;
  }
}
