-- Authenticates what the replay cache keeps in Redis: whoever can write there, but does not know this, cannot make up an answer. All API
-- processes read it from here, so it needs no setting. Random by Postgres' own generator: two of its UUIDs are 244 bits.
-- To change it, change the name with it, so that nobody asks for the old entries any more (docs/operating.md, "The replay cache").
alter table installation
  add column cache_secret bytea not null
    default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
    constraint cache_secret_is_long check (octet_length(cache_secret) >= 32);
