-- The money is taken once the label exists, by the settlement consumer. Taken or freed, never both: forward only.
alter table payments
  add column capture_id text,
  add column captured_at timestamptz,
  add constraint captured_with_an_id check ((capture_id is null) = (captured_at is null)),
  add constraint never_voided_and_captured check (voided_at is null or captured_at is null);
