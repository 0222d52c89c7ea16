-- What the seven steps leave behind, a table each.
create table orders (
  checkout_id text primary key references checkouts (id),
  total_minor bigint not null check (total_minor > 0),
  currency text not null,
  created_at timestamptz not null default now(),
  cancelled_at timestamptz
);

create table order_lines (
  checkout_id text not null references orders (checkout_id),
  sku text not null references products (sku),
  quantity integer not null check (quantity > 0),
  unit_minor bigint not null check (unit_minor > 0),
  primary key (checkout_id, sku)
);

create table payments (
  checkout_id text primary key references orders (checkout_id),
  authorization_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  authorized_at timestamptz not null default now(),
  voided_at timestamptz
);

create table stock_reservations (
  checkout_id text not null references orders (checkout_id),
  sku text not null references stock (sku),
  quantity bigint not null check (quantity > 0),
  state text not null default 'reserved' check (state in ('reserved', 'released', 'sold')),
  primary key (checkout_id, sku)
);

create table fulfillments (
  checkout_id text primary key references orders (checkout_id),
  fulfillment_id text not null,
  triggered_at timestamptz not null default now(),
  cancelled_at timestamptz
);

create table notifications (
  checkout_id text primary key references orders (checkout_id),
  message_id text not null,
  sent_at timestamptz not null default now(),
  cancelled_at timestamptz
);

create table loyalty_awards (
  checkout_id text primary key references orders (checkout_id),
  tenant text not null,
  customer_id text not null,
  points bigint not null check (points >= 0),
  awarded_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index loyalty_awards_by_customer on loyalty_awards (tenant, customer_id);

create table shipping_labels (
  checkout_id text primary key references orders (checkout_id),
  label_id text not null,
  tracking_number text not null,
  generated_at timestamptz not null default now(),
  voided_at timestamptz
);
