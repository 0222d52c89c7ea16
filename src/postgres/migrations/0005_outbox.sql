-- What is announced to the world, written by the transaction that changed the order and never updated.
-- aggregatetype, aggregateid, type and payload bear these names so that Debezium's outbox router can read the table.
create table outbox_events (
  position bigint generated always as identity primary key,
  id uuid not null default gen_random_uuid() unique,
  aggregatetype text not null default 'checkout',
  aggregateid text not null references checkouts (id),
  sequence bigint not null check (sequence > 0),
  type text not null,
  payload jsonb not null,
  occurred_at timestamptz not null default now(),
  constraint one_event_for_a_number unique (aggregateid, sequence)
);
