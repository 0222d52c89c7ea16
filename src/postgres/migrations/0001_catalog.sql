-- What can be bought, for how much, and how many there are. The server prices carts from here and from nowhere else.
create table products (
  sku text primary key check (length(sku) between 1 and 64),
  name text not null check (length(name) between 1 and 200),
  unit_minor bigint not null check (unit_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$')
);

-- Every unit that ever was is in exactly one of the three columns, at every moment: the constraints refuse anything else,
-- so a bug in a statement becomes an error and never an oversold item.
create table stock (
  sku text primary key references products (sku),
  initial bigint not null check (initial >= 0),
  available bigint not null constraint stock_never_below_zero check (available >= 0),
  reserved bigint not null default 0 check (reserved >= 0),
  sold bigint not null default 0 check (sold >= 0),
  constraint stock_adds_up check (initial = available + reserved + sold)
);
