-- A workflow that was ended from outside, or that Temporal has lost, leaves its order stranded: unended here, and nobody there to bring it
-- to its end. Whoever resumes it claims the row first (compares and raises `resumes`), so that two never do.
alter table checkouts
  add column resumes integer not null default 0,
  -- Not more often than once a minute.
  add column resumed_at timestamptz,
  -- Set by the claim and cleared once the new run is started: what has it waits for a Temporal that takes it.
  add column stranded_at timestamptz;
create index checkouts_stranded on checkouts (stranded_at) where stranded_at is not null;

-- Each resume: what had become of the run before it, and, where an operator asked for it, who and why. The id is the operator's
-- Idempotency-Key with the checkout, so an act done twice is one row.
create table resumes (
  checkout_id text not null references checkouts (id),
  number integer not null,
  found text not null check (found in ('gone', 'terminated', 'timed-out', 'completed', 'failed', 'cancelled')),
  id text unique,
  reason text check (length(reason) between 1 and 500),
  operator text,
  resumed_at timestamptz not null default now(),
  primary key (checkout_id, number),
  constraint asked_by_somebody check (num_nulls(id, reason, operator) in (0, 3))
);

-- One row: whose turn it is to look for stranded orders, and where. Every API and every worker tries to take the turn.
create table reconciler (
  only_one boolean primary key default true check (only_one),
  turn_at timestamptz not null default '-infinity',
  -- When a look was last finished. Null before the first.
  looked_at timestamptz,
  -- The last checkout that was looked at, where there were more than one turn takes.
  after_id text not null default ''
);
insert into reconciler default values;
