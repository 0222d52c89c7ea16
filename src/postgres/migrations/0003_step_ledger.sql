-- One row for an order and step: the step happened (done_at), was undone (undone_at), or both. A row with undone_at alone
-- is a tombstone, left by an undo whose step had not arrived: the late step finds it and does nothing.
create table step_ledger (
  checkout_id text not null references checkouts (id),
  step text not null,
  result jsonb,
  done_at timestamptz,
  undone_at timestamptz,
  primary key (checkout_id, step),
  constraint step_done_or_undone check (done_at is not null or undone_at is not null)
);
