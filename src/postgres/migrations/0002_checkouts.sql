-- One row for a tenant, operation and Idempotency-Key: who holds the row owns the key. It stores the answer as bytes,
-- because a repeated request gets the same bytes even after the code that made them has changed.
create table idempotency_claims (
  tenant text not null,
  operation text not null,
  key text not null check (length(key) between 8 and 255),
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  resource_id text not null,
  accepted_at timestamptz not null,
  acceptance_status smallint not null,
  acceptance_headers jsonb not null,
  acceptance_body bytea not null,
  outcome_status smallint,
  outcome_headers jsonb,
  outcome_body bytea,
  primary key (tenant, operation, key)
);

-- One row for each accepted checkout, written in the transaction of its claim. Its row lock is the order's lock: whoever
-- changes anything of an order holds it, which is what numbers the order's events 1, 2, 3 in commit order.
create table checkouts (
  id text primary key check (id ~ '^chk_[0-9a-f]{32}$'),
  tenant text not null,
  idempotency_key text not null,
  request jsonb not null,
  state text not null default 'accepted'
    check (state in ('accepted', 'running', 'completed', 'refused', 'cancelled', 'needs-attention')),
  refusal text,
  refusal_sentence text,
  event_count bigint not null default 0,
  accepted_at timestamptz not null,
  -- Null until the first activity ran, or until the sweep saw the workflow: what is null is swept.
  started_at timestamptz,
  -- From here on the undo stack runs.
  unwinding_at timestamptz,
  ended_at timestamptz,
  unique (tenant, idempotency_key)
);

create index checkouts_by_tenant on checkouts (tenant, accepted_at desc, id desc);
create index checkouts_not_started on checkouts (accepted_at) where started_at is null;
