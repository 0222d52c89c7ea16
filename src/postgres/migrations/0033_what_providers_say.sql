-- What providers need and say besides keys and outcomes. Null where the catalog or the warehouse does not say it.
alter table order_lines
  add column name text,
  add column weight_grams integer check (weight_grams > 0);

alter table fulfillments
  -- The warehouse said that it would decide later, and until then the order goes on as if it packed.
  add column accepted boolean,
  add column delivery_promise text,
  add column ship_from jsonb;
