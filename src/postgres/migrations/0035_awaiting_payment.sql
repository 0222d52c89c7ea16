-- A payment that is undecided after its first answer: its customer is asked to approve, or its processor takes its time.
alter table checkouts
  drop constraint checkouts_state_check,
  add constraint checkouts_state_check check (
    state in ('accepted', 'running', 'awaiting-customer', 'needs-attention', 'completed', 'refused', 'cancelled')
  ) not valid;
alter table checkouts validate constraint checkouts_state_check;

create table payment_waits (
  checkout_id text primary key references checkouts (id),
  -- Where the customer approves. Its holder can approve, so it is deleted as soon as the wait is over. Null while the processor decides.
  action_url text,
  action_expires_at timestamptz,
  begun_at timestamptz not null default now(),
  -- Whatever is undecided then is refused.
  deadline timestamptz not null,
  settled_at timestamptz,
  check (action_url is null or (action_expires_at is not null and settled_at is null))
);
