-- What Debezium reads from the outbox. Run it with psql as the owner of the tables. Days are partitions that come and go; publishing via the
-- root makes them one table, new days included. Rows are only ever added, and a dropped day must not look like deleted events.
create publication durable_checkout_outbox for table outbox_events with (publish = 'insert', publish_via_partition_root = true);

-- From here on nothing is lost: Postgres keeps what Debezium has not confirmed, and fills the disk if Debezium never does.
select pg_create_logical_replication_slot('durable_checkout_outbox', 'pgoutput');

-- This snapshot sees what the slot does not hold. The relay still has to deliver that: see owed.sql.
select pg_current_snapshot();
