import type { Client } from 'pg';
import { ensureCursors } from '../../../src/outbox/log/leases';
import { pgTransactionalOutbox, TABLES } from './pg-transactional-outbox';

/** The sink's name. */
const REDIS = 'redis';
const SLOT_FREE_WITHIN_MS = 5_000;

/**
 * `fill` runs a statement for each number, each time in a transaction of its own. That these do not wait for the disk is no matter: what
 * is measured begins behind them.
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

/** Beside our own tables, those of the others. */
export async function makeTables(client: Client): Promise<void> {
  const { DatabaseSetup } = pgTransactionalOutbox();
  await client.query(OWN);
  await client.query(DatabaseSetup.dropAndCreateTable(TABLES));
  await client.query(DatabaseSetup.setupReplicationCore(TABLES));
}

/** All outboxes empty; or, as our log keeps what was delivered, our relay past all that is in it. */
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

/** Where the package finds what is committed from now on. Made before a transaction stays open, because it waits for all of them. */
export async function makeReplicationSlot(client: Client): Promise<void> {
  await client.query(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [TABLES.replicationSlot]);
}
