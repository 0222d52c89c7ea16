import type { Client } from 'pg';
import { append } from '../../../src/outbox/append';
import { lockOrder } from '../../../src/postgres/lock-order';
import type { Transaction } from '../../../src/postgres/database';
import type { System } from './system';

const A_TRANSACTION = 8;
/** The number of days that the log keeps, and a transaction size that fills it quickly. */
const OLD_DAYS = 7;
const OLD_A_TRANSACTION = 10_000;

const COLUMNS = 'id, aggregateid, sequence, type, payload, tenant, traceparent';

/** Events from a series named `event`: eight per order, with the data of a small cart. */
const EVENTS = `
  select event as position, gen_random_uuid() as id, 'chk_' || md5((event / ${A_TRANSACTION})::text) as aggregateid,
         event % ${A_TRANSACTION} + 1 as sequence, 'order.created' as type,
         jsonb_build_object(
           'total', jsonb_build_object('minor', 4500, 'currency', 'USD'),
           'lines', jsonb_build_array(jsonb_build_object('sku', 'MUG-BLUE', 'quantity', 2),
                                      jsonb_build_object('sku', 'TEE-BLACK', 'quantity', event % 5 + 1))) as payload,
         'acme' as tenant, '00-' || md5(event::text) || '-' || left(md5('span' || event), 16) || '-01' as traceparent`;

const INSERTS: Readonly<Record<System, string>> = {
  relay: `insert into outbox_events (${COLUMNS}) select ${COLUMNS}`,
  floor: `insert into floor_events (${COLUMNS}) select ${COLUMNS}`,
  package: `insert into outbox (id, aggregate_type, aggregate_id, message_type, payload, metadata)
            select id, 'checkout', aggregateid, type, payload,
                   jsonb_build_object('sequence', sequence, 'tenant', tenant, 'traceparent', traceparent)`,
};

/** Creates the events that every system gets. */
export async function makeSample(client: Client, events: number): Promise<void> {
  await client.query(
    `insert into sample (position, ${COLUMNS})
     select position, ${COLUMNS} from (${EVENTS} from generate_series(0, $1::bigint - 1) event) made`,
    [events],
  );
  await client.query(`vacuum analyze sample`);
}

/** Commits the first events of the sample for a system, one order per transaction. */
export async function commitSample(client: Client, system: System, events: number): Promise<void> {
  await client.query(`call fill($1, 0, $2)`, [
    `${INSERTS[system]}
       from sample
      where position >= $1 * ${A_TRANSACTION} and position < ($1 + 1) * ${A_TRANSACTION}
      order by position`,
    events / A_TRANSACTION - 1,
  ]);
}

/** Fills the log with delivered events of all the days that it keeps. */
export async function makeOldEvents(client: Client, events: number): Promise<void> {
  await client.query(
    `select ensure_outbox_partition((now() at time zone 'UTC')::date - ago) from generate_series(1, ${OLD_DAYS}) ago`,
  );
  await client.query(`call fill($1, 0, $2)`, [
    `insert into outbox_events (${COLUMNS}, occurred_at)
     select ${COLUMNS}, now() - interval '${OLD_DAYS} days' * (1 - position / ${events}.0)
       from (${EVENTS} from generate_series($1 * ${OLD_A_TRANSACTION}, ($1 + 1) * ${OLD_A_TRANSACTION} - 1) event) made`,
    Math.ceil(events / OLD_A_TRANSACTION) - 1,
  ]);
  await client.query(`vacuum analyze outbox_events`);
}

/** Announces one event of an order, the way an application that uses the system would. */
export async function announce(tx: Transaction, system: System, order: string): Promise<void> {
  if (system === 'relay') {
    await lockOrder(tx, order);
    await append(tx, order, [{ type: 'order.cancelled', data: {} }]);
  } else {
    await tx.query(
      `${INSERTS[system]}
         from (values (gen_random_uuid(), $1::text, 1, 'order.cancelled', '{}'::jsonb, 'acme', null::text)) event (${COLUMNS})`,
      [order],
    );
  }
}

/** Creates orders for `announce`, which may be called once with each. */
export async function makeOrders(client: Client, orders: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into checkouts (id, tenant, idempotency_key, request, accepted_at)
     select 'chk_' || replace(key::text, '-', ''), 'acme', key, '{}', now()
       from (select gen_random_uuid() as key from generate_series(1, $1)) made
     returning id`,
    [orders],
  );
  return rows.map(({ id }) => id);
}
