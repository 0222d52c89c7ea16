import { Client } from 'pg';
import type { Arena } from './arena';
import type { System } from './system';
import { emptyTables, makeReplicationSlot } from './tables';

/**
 * Empties all outboxes and the stream. The connection that is returned holds, if asked for, a transaction open that has written something
 * of its own, as a report or a migration does, until it is ended.
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
