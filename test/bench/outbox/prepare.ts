import { Client } from 'pg';
import type { Arena } from './arena';
import type { System } from './system';
import { emptyTables, makeReplicationSlot } from './tables';

/**
 * Empties all outboxes and the stream. With `openTransaction`, the returned connection holds a transaction open that has written
 * something, as a report or a migration would, until the connection is ended.
 */
export async function prepare(
  { site, client, redis, keepLog }: Arena,
  { system, openTransaction }: { system: System; openTransaction: boolean },
): Promise<Client> {
  await redis.flushall();
  await emptyTables(client, { keepLog });
  if (system === 'package') await makeReplicationSlot(client);
  const other = new Client({ connectionString: site.databaseUrl });
  await other.connect();
  if (openTransaction) {
    await other.query(`begin`);
    await other.query(`insert into unrelated values (1)`);
  }
  return other;
}
