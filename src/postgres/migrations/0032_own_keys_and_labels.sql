-- What is remembered of a key for a provider that knows none (a mail server, the labels we draw ourselves). A row is written before the
-- call, so its absence proves that nothing happened, and its presence that something may have.
create table provider_references (
  tenant text not null,
  role text not null,
  key text not null,
  -- A digest of what was asked for: one key never carries two bodies. Null if the key was closed before it was used.
  asked text,
  -- What the provider called it; null until it has answered.
  reference text,
  begun_at timestamptz not null default now(),
  -- The step was undone. From then on the key is refused.
  voided_at timestamptz,
  primary key (role, key)
);

-- The labels of carriers that hand them out. Written with the step; apart from shipping_labels, whose rows are small and read often.
create table label_documents (
  checkout_id text primary key references orders (checkout_id),
  format text not null check (format in ('pdf', 'png', 'zpl')),
  bytes bytea not null check (octet_length(bytes) <= 1048576)
);
