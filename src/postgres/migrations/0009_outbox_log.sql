-- The outbox becomes a log: rows are only ever added, and leave a whole day at a time, so there are no dead tuples to wade through.
alter table outbox_events rename to outbox_events_before_the_log;
alter sequence outbox_events_position_seq rename to outbox_events_before_the_log_position_seq;

-- What the transaction of an order may be told to continue, and the youngest transaction that announced anything of it.
alter table checkouts
  add column traceparent text,
  add column last_event_txid xid8;

create sequence outbox_position;

-- Read by snapshot difference, in (txid, position) order. aggregatetype, aggregateid, type and payload bear these names so that
-- Debezium's outbox router can read the table. The shard is a part of the checkout's id, which is a hash: see src/outbox/log/shards.ts.
create table outbox_events (
  position bigint not null default nextval('outbox_position'),
  txid xid8 not null default pg_current_xact_id(),
  shard smallint not null generated always as (get_byte(decode(substr(aggregateid, 5, 2), 'hex'), 0) % 8) stored,
  id uuid not null default gen_random_uuid(),
  aggregatetype text not null default 'checkout',
  aggregateid text not null,
  sequence bigint not null check (sequence > 0),
  type text not null,
  payload jsonb not null,
  tenant text not null,
  traceparent text,
  -- Of the moment under the order's lock, not of the transaction's begin: later events of an order are never earlier.
  occurred_at timestamptz not null default clock_timestamp()
) partition by range (occurred_at);

-- The shard stands last: readers of one shard skip the others' entries without leaving the index.
create index outbox_events_in_order on outbox_events (txid, position, shard);
create index outbox_events_of_checkout on outbox_events (aggregateid, sequence);

-- A net that should stay empty: an event whose day has no partition must not stop an order.
create table outbox_events_default partition of outbox_events default;

-- Makes the partition of a day unless it is there. Attached and not created in place, because that would lock out everybody.
-- A day that has already begun in the default partition stays there.
create function ensure_outbox_partition(day date) returns boolean language plpgsql as $$
declare
  partition text := 'outbox_events_' || to_char(day, 'YYYYMMDD');
  first_moment timestamptz := day::timestamp at time zone 'UTC';
  next_moment timestamptz := (day + 1)::timestamp at time zone 'UTC';
begin
  if to_regclass(partition) is not null then
    return false;
  end if;
  if exists (select from outbox_events_default where occurred_at >= first_moment and occurred_at < next_moment) then
    return false;
  end if;
  execute format('create table %I (like outbox_events including all)', partition);
  execute format('alter table outbox_events attach partition %I for values from (%L) to (%L)', partition, first_moment, next_moment);
  return true;
end $$;

select ensure_outbox_partition((now() at time zone 'UTC')::date + ahead) from generate_series(0, 7) ahead;

insert into outbox_events (position, id, aggregatetype, aggregateid, sequence, type, payload, tenant, occurred_at)
select position, event.id, aggregatetype, aggregateid, sequence, type, payload, checkout.tenant, occurred_at
  from outbox_events_before_the_log event
  join checkouts checkout on checkout.id = event.aggregateid
 order by position;
select setval('outbox_position', coalesce(max(position), 1)) from outbox_events;
drop table outbox_events_before_the_log;

-- How far a sink has got in a shard, and who may say so. A row is moved by the holder of its lease only: the epoch tells whether a
-- relay that slept still is that holder. Half empty pages, so that a move stays on its page.
create table outbox_cursors (
  sink text not null,
  shard smallint not null,
  -- Everything that this snapshot sees was handed on.
  snapshot pg_snapshot not null default '1:1:',
  -- A page of a difference that did not fit into one: handed on is what `target` sees, up to and with (after_txid, after_position).
  target pg_snapshot,
  after_txid xid8,
  after_position bigint,
  owner uuid,
  epoch bigint not null default 0,
  leased_until timestamptz not null default '-infinity',
  delivered bigint not null default 0,
  failing_since timestamptz,
  failure text,
  primary key (sink, shard),
  constraint inside_a_difference_or_not check (num_nulls(target, after_txid, after_position) in (0, 3))
) with (fillfactor = 50);

-- Who shares the work just now, and for which sinks.
create table outbox_relays (
  id uuid primary key,
  sinks text[] not null,
  seen_at timestamptz not null
);

-- Events that a sink did not take, with the later ones of their order behind them. The first of an order has attempts; it is due at
-- next_attempt_at, or waits for an operator where that is null. Target is for sinks with several, as webhooks have.
create table outbox_parked (
  sink text not null,
  target text not null default '',
  aggregateid text not null,
  sequence bigint not null,
  shard smallint not null,
  event_id uuid not null,
  occurred_at timestamptz not null,
  attempts integer not null default 0 check (attempts >= 0),
  reason text not null,
  parked_at timestamptz not null default now(),
  next_attempt_at timestamptz,
  redrive_id text,
  primary key (sink, target, aggregateid, sequence)
);
create index outbox_parked_due on outbox_parked (sink, shard, next_attempt_at) where next_attempt_at is not null;
create index outbox_parked_by_redrive on outbox_parked (redrive_id) where redrive_id is not null;

-- What operators asked to be delivered again: who, when, why. The id is the operator's Idempotency-Key: asked twice is asked once.
create table outbox_redrives (
  id text primary key,
  sink text,
  checkout_id text,
  reason text not null check (length(reason) between 1 and 500),
  operator text not null,
  requested_at timestamptz not null default now(),
  -- Events that were parked when it was asked for.
  total integer not null,
  stopped_at timestamptz
);

-- What a consumer has processed, written in the consumer's own transaction: a duplicate finds its row and does nothing.
create table processed_events (
  consumer text not null,
  event_id uuid not null,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index processed_events_by_age on processed_events (processed_at);
