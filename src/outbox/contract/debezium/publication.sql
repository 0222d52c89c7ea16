-- What Debezium reads of the outbox: for psql, as the owner of the tables. Days are partitions that come and go; by way of the root they are one
-- table, new days included. Rows are only ever added, and a day that is dropped must not look like deleted events.
create publication durable_checkout_outbox for table outbox_events with (publish = 'insert', publish_via_partition_root = true);

-- From here on nothing is lost: Postgres keeps what Debezium has not confirmed, and fills the disk if it never comes.
select pg_create_logical_replication_slot('durable_checkout_outbox', 'pgoutput');

-- What the slot does not hold is what this sees. The relay still owes that: see owed.sql.
select pg_current_snapshot();
