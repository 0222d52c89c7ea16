import type { Client } from 'pg';
import { ensureCursors } from '../../../src/outbox/log/leases';
import { pgTransactionalOutbox, TABLES } from './pg-transactional-outbox';

/** The sink's name. */
const REDIS = 'redis';
const SLOT_FREE_WITHIN_MS = 5_000;

/**
 * `fill` runs a statement for each number, each in its own transaction. These need not wait for the disk: measuring starts after
 * them.
 */
const OWN = `
create table floor_events (
  position bigint generated always as identity primary key,
  id uuid not null default gen_random_uuid(),
  aggregateid text not null,
  sequence bigint not null,
  type text not null,
  payload jsonb not null,
  tenant text not null,
  traceparent text,
  occurred_at timestamptz not null default clock_timestamp()
);
create table unrelated (id bigint);
create table sample (like floor_events);
alter table sample drop column occurred_at, alter column id drop default;
create index on sample (position);
create procedure fill(statement text, first bigint, last bigint) language plpgsql as $$
begin
  set synchronous_commit = off;
  for number in first..last loop
    execute statement using number;
    commit;
  end loop;
end $$;`;

/** Adds the tables of the others to our own. */
export async function makeTables(client: Client): Promise<void> {
  const { DatabaseSetup } = pgTransactionalOutbox();
  await client.query(OWN);
  await client.query(DatabaseSetup.dropAndCreateTable(TABLES));
  await client.query(DatabaseSetup.setupReplicationCore(TABLES));
}

/** Empties all outboxes. If our log keeps its events, our relay's cursors are moved past them. */
export async function emptyTables(client: Client, { keepLog }: { keepLog: boolean }): Promise<void> {
  await client.query(
    `select pg_terminate_backend(active_pid, ${SLOT_FREE_WITHIN_MS})
       from pg_replication_slots
      where database = current_database() and active`,
  );
  await client.query(
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()`,
  );
  await client.query(`truncate floor_events, outbox`);
  if (!keepLog) await client.query(`truncate outbox_events`);
  await ensureCursors(client, [{ name: REDIS }]);
  await client.query(
    `update outbox_cursors
        set snapshot = pg_current_snapshot(), target = null, after_txid = null, after_position = null`,
  );
}

/** From this slot the package reads what is committed from now on. Create it before opening a long transaction: it waits for all open ones. */
export async function makeReplicationSlot(client: Client): Promise<void> {
  await client.query(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [TABLES.replicationSlot]);
}
