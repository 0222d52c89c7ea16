-- What makes us ask a provider what has become of a key: its webhooks, and operators. A notice decides nothing, so it says no more than which
-- checkout it is about. Kept so that a repeated one is known, and deleted after a month.
create table provider_notices (
  -- Whose provider sent it: a tenant's own, `-` for one that serves all, `*` for an operator.
  source text not null,
  role text not null,
  -- The sender's own: one that is repeated has the same.
  notice_id text not null check (length(notice_id) between 1 and 400),
  checkout_id text not null references checkouts (id),
  received_at timestamptz not null default now(),
  -- Also a lease: whoever asks puts it off, and if he dies another asks.
  next_ask_at timestamptz not null default now(),
  -- Null while the provider has not answered.
  asked_at timestamptz,
  primary key (source, role, notice_id)
);
create index provider_notices_due on provider_notices (next_ask_at) where asked_at is null;
create index provider_notices_by_age on provider_notices (received_at);

-- The warehouse refused after it had accepted. Told to operators once: their decision stands, also if it says so again.
alter table fulfillments add column refused_at timestamptz;

-- Kind `fulfillment`: no workflow waits for it, and it changes neither state nor outcome.
alter table attention
  drop constraint attention_kind_check,
  add constraint attention_kind_check check (kind in ('step', 'undo', 'fulfillment')) not valid;
alter table attention validate constraint attention_kind_check;
alter table repairs
  drop constraint repairs_kind_check,
  add constraint repairs_kind_check check (kind in ('step', 'undo', 'fulfillment')) not valid;
alter table repairs validate constraint repairs_kind_check;
