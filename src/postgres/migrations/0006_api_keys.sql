-- API keys are kept as SHA-256 of 256 random bits: whoever reads this table can call nothing.
create table api_keys (
  digest bytea primary key check (octet_length(digest) = 32),
  tenant text not null check (tenant ~ '^[a-z0-9][a-z0-9-]{0,62}$' or (tenant = '*' and scope = 'operator')),
  scope text not null check (scope in ('merchant', 'operator')),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
