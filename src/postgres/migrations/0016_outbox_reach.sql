-- Sinks that the relay cannot reach just now: their lanes are better with a relay that can.
alter table outbox_relays add column unable text[] not null default '{}';

-- When a lane last wrote its place down. One that has not for long, although events wait, makes no progress, whatever the cause.
alter table outbox_cursors add column moved_at timestamptz not null default now();

-- Retries go target by target: what one has piled up is not read to find what is due of another.
create index outbox_parked_due_by_target on outbox_parked (sink, shard, target, next_attempt_at) where next_attempt_at is not null;
drop index outbox_parked_due;
