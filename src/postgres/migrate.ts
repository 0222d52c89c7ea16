import { setTimeout as rest } from 'node:timers/promises';
import { Client } from 'pg';
import { MIGRATIONS_DIRECTORY, MIGRATIONS_TABLE, schemaOf } from './schema';

/** The runner's own, which a process of an older version takes for its session. */
const LOCK = '7241865325823964';
const ASK_AGAIN_MS = 100;

/**
 * Brings the schema up to this code, under an advisory lock: two processes that start together do it once.
 * Refuses a database that is newer than the code.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  await locked(databaseUrl, () => connected(databaseUrl, migrateThrough));
}

async function migrateThrough(client: Client): Promise<void> {
  await refuseNewerDatabase(client);
  // The package is an ES module, and this one is not.
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
 * The lock is a transaction's that stays open, for a session's would not be ours behind a pooler: it would hand the session, lock and all,
 * to the next client. Asked for again and again: who waited for it would keep a connection that its holder may need.
 */
const locked = (databaseUrl: string, work: () => Promise<void>): Promise<void> =>
  connected(databaseUrl, async (client) => {
    while (!(await tryLock(client))) {
      await client.query('rollback');
      await rest(ASK_AGAIN_MS);
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
