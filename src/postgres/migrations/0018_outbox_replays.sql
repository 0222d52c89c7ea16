-- What operators asked to be delivered again out of the log, because a sink has lost it: who, when, why, and how far it has got. The id is
-- the operator's Idempotency-Key: asked twice is asked once. Those of a sink go one after the other, each under a lease like a lane's.
create table outbox_replays (
  id text primary key,
  -- A capture is never asked for again because somebody replays.
  sink text not null check (sink <> 'settlement'),
  -- For sinks with several; else empty.
  target text not null default '',
  since timestamptz not null,
  until timestamptz not null,
  reason text not null check (length(reason) between 1 and 500),
  operator text not null,
  requested_at timestamptz not null default now(),
  -- Events in the range when it was asked for.
  total integer not null,
  done integer not null default 0,
  -- Of these, what the sink refuses for good.
  refused integer not null default 0,
  -- Delivered up to and with this one, in the log's order: whoever goes on after a crash begins behind it.
  after_txid xid8 not null default '0',
  after_position bigint not null default 0,
  owner uuid,
  epoch bigint not null default 0,
  leased_until timestamptz not null default '-infinity',
  failure text,
  finished_at timestamptz,
  stopped_at timestamptz,
  stopped_by text,
  constraint stopped_by_somebody check ((stopped_at is null) = (stopped_by is null)),
  constraint finished_or_stopped check (num_nonnulls(finished_at, stopped_at) < 2)
);
create index outbox_replays_open on outbox_replays (sink, requested_at, id) where finished_at is null and stopped_at is null;

-- What endangers the events that a sink has: as its server is set up, it may lose them. Relays look, and say so here.
create table outbox_sink_warnings (
  sink text primary key,
  warning text not null,
  since timestamptz not null default now()
);
