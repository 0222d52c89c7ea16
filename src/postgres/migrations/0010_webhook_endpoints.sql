-- Where tenants want their events sent. The secret signs, so it is kept as it is; only its own tenant is ever told.
-- An endpoint that said 410 Gone is disabled until its tenant creates it again; one that its tenant deleted leaves no row.
create table webhook_endpoints (
  id text primary key,
  tenant text not null,
  url text not null,
  secret text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  disabled_why text,
  -- Creating twice is creating once.
  constraint one_endpoint_for_an_address unique (tenant, url),
  constraint disabled_for_a_reason check ((disabled_at is null) = (disabled_why is null))
);
