-- When a claim's outcome is older than the retention, its answers are emptied and the claim stays as a tombstone.
alter table idempotency_claims add column forgotten_at timestamptz;
create index idempotency_claims_by_age on idempotency_claims (accepted_at);

-- Names this database, so that a cache that outlived it, or is shared with another one, is never asked about it.
create table installation (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid()
);
insert into installation default values;
