import { setTimeout as rest } from 'node:timers/promises';
import { Client } from 'pg';
import { MIGRATIONS_DIRECTORY, MIGRATIONS_TABLE, schemaOf } from './schema';

/** The migration runner's own lock, which older versions take for their session. */
const LOCK = '7241865325823964';
const RETRY_MS = 100;

/**
 * Migrates the schema to this code's version, under an advisory lock: if two processes start together, only one does it.
 * Refuses a database that is newer than the code.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  await locked(databaseUrl, () => connected(databaseUrl, migrateThrough));
}

async function migrateThrough(client: Client): Promise<void> {
  await refuseNewerDatabase(client);
  // That package is an ES module, and ours is CommonJS.
  const { runner } = await import('node-pg-migrate');
  await runner({
    dbClient: client,
    dir: MIGRATIONS_DIRECTORY,
    migrationsTable: MIGRATIONS_TABLE,
    direction: 'up',
    checkOrder: true,
    noLock: true,
    log: () => undefined,
  });
}

/**
 * Holds the lock in a transaction that stays open: behind a pooler a session lock would go to the next client, together with the session.
 * Polls for it, because waiting would occupy a connection that the lock's holder may need.
 */
const locked = (databaseUrl: string, work: () => Promise<void>): Promise<void> =>
  connected(databaseUrl, async (client) => {
    while (!(await tryLock(client))) {
      await client.query('rollback');
      await rest(RETRY_MS);
    }
    await work();
    await client.query('commit');
  });

async function tryLock(client: Client): Promise<boolean> {
  await client.query('begin');
  await client.query('set local idle_in_transaction_session_timeout = 0');
  const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_xact_lock(${LOCK}) as locked`);
  return rows[0]?.locked === true;
}

async function connected(databaseUrl: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function refuseNewerDatabase(client: Client): Promise<void> {
  const { state, sentence } = await schemaOf({ query: (text, values) => client.query(text, values && [...values]) });
  if (state === 'newer') throw new Error(sentence);
}
