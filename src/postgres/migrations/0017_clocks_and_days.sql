-- The database's clock decides. How the hosts' clocks stand to it, for operators: each process says so twice a minute, and nothing
-- compares by it.
create table host_clocks (
  process uuid primary key,
  kind text not null,
  -- Of the host before the database; below zero: behind.
  ahead_seconds double precision not null,
  seen_at timestamptz not null default now()
);

-- Days that began in the net are found, and moved into partitions of their own, without reading all of it.
create index outbox_events_default_by_day on outbox_events_default (occurred_at);
