-- What operators see of the outbox, and do about it.

-- The types that the sink wants, null for all: a sink is not behind with what it does not want. Relays write it when they start.
alter table outbox_cursors
  add column types text[],
  add column per_second double precision not null default 0,
  add column counted_at timestamptz not null default now();

-- Events a second, each counting less the older it is: over about the last half minute, whoever asks and whenever. What has all but
-- faded is nothing, because Postgres refuses a product too small for its type.
create function outbox_rate(per_second double precision, counted_at timestamptz, more bigint) returns double precision
language sql stable as $$
  select case when per_second < 1e-9 then 0 else per_second * exp(-least(extract(epoch from now() - counted_at)::float8 / 30, 50)) end
         + more / 30.0::float8
$$;

-- Few, whatever is parked behind them.
create index outbox_parked_dead on outbox_parked (sink, target, aggregateid, sequence) where next_attempt_at is null and attempts > 0;

alter table outbox_redrives
  add column target text,
  -- Events that were given up: of orders whose first one failed again.
  add column failed_again integer not null default 0,
  add column stopped_by text,
  -- Events that were not tried before the stop.
  add column untried integer,
  add constraint stopped_by_somebody check (num_nulls(stopped_at, stopped_by, untried) in (0, 3));

-- What is under way, for the figures that monitoring asks for all the time.
create index checkouts_unfinished on checkouts (state) where ended_at is null;
