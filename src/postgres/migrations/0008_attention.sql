-- What waits for an operator: an undo that did not work within its budget (its older undos ran all the same), or a step behind the
-- pivot that is still being tried. Rows are cleared and never deleted: they tell how often a provider needed a person.
create table attention (
  checkout_id text not null references checkouts (id),
  step text not null,
  kind text not null check (kind in ('step', 'undo')),
  why text not null,
  raised_at timestamptz not null default now(),
  cleared_at timestamptz,
  primary key (checkout_id, step, kind)
);
create index attention_open on attention (raised_at) where cleared_at is null;

-- What operators did: who, when, why. The id is the operator's Idempotency-Key with the checkout, so an act done twice is one row.
create table repairs (
  id text primary key,
  checkout_id text not null references checkouts (id),
  step text not null,
  kind text not null check (kind in ('step', 'undo')),
  action text not null check (action in ('retry', 'skip', 'resolve', 'cancel')),
  reason text not null check (length(reason) between 1 and 500),
  operator text not null,
  done_at timestamptz not null default now()
);
create index repairs_by_checkout on repairs (checkout_id, done_at);

-- The customer's wish and the point of no return, decided under the order's row lock: whichever is written first has won.
alter table checkouts add column cancel_requested_at timestamptz, add column completing_at timestamptz;
