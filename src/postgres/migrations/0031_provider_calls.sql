-- One row for each attempt at a provider that failed: what an order waits for, and since when. No personal data. A whole day goes at once.
create table provider_attempts (
  checkout_id text not null,
  step text not null,
  role text not null,
  adapter text not null,
  verb text not null,
  -- Null in the relay, whose retries are those of the event.
  attempt integer,
  -- A fault: see src/ports/provider-fault.ts.
  outcome text not null,
  at timestamptz not null default now(),
  -- When the next attempt is due; null if that is decided elsewhere.
  next_at timestamptz
) partition by range (at);
create index provider_attempts_of_checkout on provider_attempts (checkout_id, at);

-- For a day that has no partition.
create table provider_attempts_default partition of provider_attempts default;

-- Makes the partition of a day unless it is there, or the day has already begun in the default partition.
create function ensure_provider_attempts_partition(day date) returns boolean language plpgsql as $$
declare
  partition text := 'provider_attempts_' || to_char(day, 'YYYYMMDD');
  first_moment timestamptz := day::timestamp at time zone 'UTC';
  next_moment timestamptz := (day + 1)::timestamp at time zone 'UTC';
begin
  if to_regclass(partition) is not null then
    return false;
  end if;
  if exists (select from provider_attempts_default where at >= first_moment and at < next_moment) then
    return false;
  end if;
  execute format('create table %I (like provider_attempts including all)', partition);
  execute format('alter table provider_attempts attach partition %I for values from (%L) to (%L)', partition, first_moment, next_moment);
  return true;
end $$;

select ensure_provider_attempts_partition((now() at time zone 'UTC')::date + ahead) from generate_series(0, 7) ahead;

-- The steps whose provider may have acted without our knowing: their next attempt asks before it acts. Here, because every attempt reads the
-- row anyway. A step stays in it: once it has happened, its ledger row answers.
alter table checkouts add column uncertain_steps text[] not null default '{}';

-- What each process knows of the providers that it called in vain: see src/providers/calls/breaker.ts. `seen_at` tells who is gone.
create table provider_breakers (
  process uuid not null,
  tenant text not null,
  role text not null,
  adapter text not null,
  state text not null check (state in ('closed', 'half-open', 'open')),
  since timestamptz not null,
  seen_at timestamptz not null default now(),
  primary key (process, tenant, role, adapter)
);

-- How many calls all processes have made, by what came of them. Only ever added to: the metrics are counters.
create table provider_calls (
  role text not null,
  adapter text not null,
  outcome text not null,
  calls bigint not null,
  seconds double precision not null,
  primary key (role, adapter, outcome)
);
