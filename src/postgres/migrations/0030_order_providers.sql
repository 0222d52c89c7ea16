-- An order stays with the providers it began at. Role by role: `<adapter>`, or `<adapter> <account>`. Written by its first step; null for
-- orders from before this column, whose next call to a provider writes it.
alter table checkouts
  add column providers jsonb
    constraint providers_by_role check (jsonb_typeof(providers) = 'object');

-- Whose money is held and not yet taken or freed: a process does not start without the provider that holds it.
create index payments_unsettled on payments (checkout_id) where captured_at is null and voided_at is null;

-- The adapters that each process uses, for operators: it says so twice a minute, and nothing decides by it.
create table provider_uses (
  process uuid primary key,
  kind text not null,
  -- Role by role, the adapters of all tenants.
  adapters jsonb not null,
  seen_at timestamptz not null default now()
);
