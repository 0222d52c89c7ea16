import type { Client } from 'pg';

const A_TRANSACTION = 5_000;
/** The number of days that the outbox keeps. */
const DAYS = 7;

/**
 * Writes what a completed order leaves in every table of Postgres. The fill need not wait for the disk: measuring starts after it. Stock is
 * left alone, because its number of rows does not grow.
 */
const FILL = `
create or replace procedure fill_finished(first_order bigint, last_order bigint) language plpgsql as $$
declare
  low bigint;
begin
  set synchronous_commit = off;
  for low in select generate_series(first_order, last_order, ${A_TRANSACTION}) loop
    create temporary table made on commit drop as
      select 'chk_' || md5('finished' || number) as id, 'finished-' || number as key,
             now() - interval '${DAYS} days' * random() as at
        from generate_series(low, least(low + ${A_TRANSACTION} - 1, last_order)) number;
    insert into idempotency_claims (tenant, operation, key, fingerprint, resource_id, accepted_at, acceptance_status,
           acceptance_headers, acceptance_body, outcome_status, outcome_headers, outcome_body)
      select 'acme', 'POST /v1/checkouts', key, sha256(key::bytea), id, at, 202, '{}', convert_to(repeat('a', 200), 'UTF8'),
             201, '{}', convert_to(repeat('o', 1200), 'UTF8') from made;
    insert into checkouts (id, tenant, idempotency_key, request, state, event_count, accepted_at, started_at, ended_at)
      select id, 'acme', key, (select request from checkouts where id = (select min(id) from checkouts)), 'completed', 9, at, at, at
        from made;
    insert into orders (checkout_id, total_minor, currency, created_at) select id, 3000, 'USD', at from made;
    insert into order_lines (checkout_id, sku, quantity, unit_minor) select id, 'MUG-BLUE', 2, 1500 from made;
    insert into payments (checkout_id, authorization_id, amount_minor, currency, authorized_at, capture_id, captured_at)
      select id, 'auth_' || id, 3000, 'USD', at, 'cap_' || id, at from made;
    insert into stock_reservations (checkout_id, sku, quantity, state) select id, 'MUG-BLUE', 2, 'sold' from made;
    insert into fulfillments (checkout_id, fulfillment_id, triggered_at) select id, 'ful_' || id, at from made;
    insert into notifications (checkout_id, message_id, sent_at) select id, 'msg_' || id, at from made;
    insert into loyalty_awards (checkout_id, tenant, customer_id, points, awarded_at)
      select id, 'acme', 'cus_' || left(id, 9), 30, at from made;
    insert into shipping_labels (checkout_id, label_id, tracking_number, generated_at)
      select id, 'lab_' || id, 'trk_' || id, at from made;
    insert into step_ledger (checkout_id, step, result, done_at)
      select id, step, jsonb_build_object('of', id), at from made, unnest($STEPS) step;
    insert into outbox_events (aggregateid, sequence, type, payload, tenant, occurred_at)
      select id, sequence, 'order.created', jsonb_build_object('of', id), 'acme', at from made, generate_series(1, 9) sequence;
    commit;
  end loop;
end $$;`;

export async function prepareFill(client: Client, steps: readonly string[]): Promise<void> {
  const list = `array[${steps.map((step) => client.escapeLiteral(step)).join(', ')}]`;
  await client.query(FILL.replace('$STEPS', list));
  await client.query(
    `select ensure_outbox_partition((now() at time zone 'UTC')::date - ago) from generate_series(1, ${DAYS}) ago`,
  );
}

/** Writes the orders with these numbers, and moves our relay's cursors past their events. The relay must not be running. */
export async function fillFinished(client: Client, first: number, last: number): Promise<void> {
  await client.query(`call fill_finished($1, $2)`, [first, last]);
  await client.query(`vacuum analyze`);
  await client.query(
    `update outbox_cursors
        set snapshot = pg_current_snapshot(), target = null, after_txid = null, after_position = null`,
  );
  await client.query(`checkpoint`);
}
