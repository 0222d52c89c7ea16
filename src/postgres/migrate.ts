import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';

const DIRECTORY = path.join(__dirname, 'migrations');
const TABLE = 'migrations';

/**
 * Brings the schema up to this code, under an advisory lock: two processes that start together do it once.
 * Refuses a database that is newer than the code.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await refuseNewerDatabase(client);
    // The package is an ES module, and this one is not.
    const { runner } = await import('node-pg-migrate');
    await runner({
      dbClient: client,
      dir: DIRECTORY,
      migrationsTable: TABLE,
      direction: 'up',
      checkOrder: true,
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
  } finally {
    await client.end();
  }
}

async function refuseNewerDatabase(client: Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(`select to_regclass($1) is not null as exists`, [TABLE]);
  if (rows[0]?.exists !== true) return;
  const applied = await client.query<{ name: string }>(`select name from ${TABLE}`);
  const known = new Set(readdirSync(DIRECTORY).map((file) => path.parse(file).name));
  const unknown = applied.rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database is newer than this code (it has ${unknown.join(', ')}): deploy the newer code instead`,
    );
  }
}
