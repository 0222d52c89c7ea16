import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENVELOPE } from '../../../src/outbox/contract/event-schema';
import { append } from '../../../src/outbox/append';
import { openDatabase } from '../../../src/postgres/database';
import type { Database } from '../../../src/postgres/database';
import { packageRoot } from '../../../src/local/stack/package-root';
import { accepted } from '../../support/checkout-world';
import { startOwnPostgres } from '../../support/own-postgres';
import type { OwnPostgres } from '../../support/own-postgres';
import { insertedRows } from './pgoutput';
import type { Inserted } from './pgoutput';

const inFolder = (file: string) => readFileSync(path.join(packageRoot(), 'src/outbox/contract/debezium', file), 'utf8');
const { config } = JSON.parse(inFolder('connector.json')) as { config: Record<string, string> };
const router = (option: string) => config[`transforms.outbox.${option}`];
const HEADERS = (router('table.fields.additional.placement') ?? '').split(',').map((each) => each.split(':'));
/** Statements one by one, as psql runs them: a replication slot cannot be made in a transaction that has written. */
const STATEMENTS = inFolder('publication.sql').trim().split(/;$/m).slice(0, -1);

let postgres: OwnPostgres;
let db: Database;
beforeAll(async () => {
  postgres = await startOwnPostgres(['wal_level = logical']);
  db = openDatabase(postgres.url, { connections: 2, onIdleError: () => undefined });
  for (const statement of STATEMENTS) await db.query(statement);
});
afterAll(async () => {
  await db.close();
  await postgres.stop();
});

describe('the columns that the connector names', () => {
  const TEXT = ['text'];
  test.each<[string, string | undefined, string[]]>([
    ['routed by', router('route.by.field'), TEXT],
    ['the id', router('table.field.event.id'), ['uuid']],
    ['the key', router('table.field.event.key'), TEXT],
    ['the type', router('table.field.event.type'), TEXT],
    ['the payload', router('table.field.event.payload'), ['jsonb']],
    ...HEADERS.map(([column, , header]): [string, string | undefined, string[]] => [
      `the header ${header}`,
      column,
      ['uuid', 'text', 'bigint', 'timestamp with time zone'],
    ]),
  ])('%s exists, with a type that the router reads', async (_what, column, types) => {
    expect(types).toContain(await typeOf(column));
  });

  test('the timestamp is not among them, since the router reads only those without time zone', async () => {
    expect(await typeOf('occurred_at')).toBe('timestamp with time zone');
    expect(router('table.field.event.timestamp')).toBeUndefined();
  });

  test('headers carry the envelope, except for constant fields and the type, which lacks its prefix', () => {
    const { specversion, source, datacontenttype, type, ...attributes } = ENVELOPE.properties;

    const headers = [...Object.keys(attributes).map((name) => `ce_${name}`), 'type'];
    expect(HEADERS.map(([, , header]) => header).sort()).toEqual(headers.sort());
  });
});

describe('what Debezium reads', () => {
  test('is an appended event, as a row of the configured table, after its commit', async () => {
    const order = await accepted(db);
    const event = { type: 'loyalty.awarded', data: { points: 30 } } as const;
    await db.transaction((tx) => append(tx, order.checkoutId, [event]));
    const failed = db.transaction(async (tx) => {
      await append(tx, order.checkoutId, [event]);
      throw new Error('rolled back');
    });
    await failed.catch(() => undefined);

    const [inserted, ...more] = await newRows();

    expect(more).toEqual([]);
    expect(inserted?.table).toBe(config['table.include.list']);
    expect(inserted?.row).toMatchObject({
      aggregatetype: 'checkout',
      aggregateid: order.checkoutId,
      sequence: '1',
      type: 'loyalty.awarded',
      payload: '{"points": 30}',
      tenant: 'acme',
      traceparent: null,
    });
    expect(inserted?.row).toHaveProperty('id');
    expect(inserted?.row).toHaveProperty('occurred_at');
  });

  test('includes a day that began after the publication, but not that the day is dropped', async () => {
    const { rows } = await db.query<{ day: string; partition: string }>(
      `select day::text, 'outbox_events_' || to_char(day, 'YYYYMMDD') as partition
         from (select (now() at time zone 'UTC')::date + 90 as day) later`,
    );
    const { day, partition } = rows[0] ?? { day: '', partition: '' };
    await db.query(`select ensure_outbox_partition($1)`, [day]);
    await db.query(
      `insert into outbox_events (aggregateid, sequence, type, payload, tenant, occurred_at)
       values ($1, 1, 'order.cancelled', '{}', 'acme', $2::timestamp at time zone 'UTC')`,
      [`chk_${randomUUID().replaceAll('-', '')}`, day],
    );
    await db.query(`drop table ${partition}`);

    const inserted = await newRows();

    expect(inserted.map(({ table, row }) => [table, row['type']])).toEqual([
      ['public.outbox_events', 'order.cancelled'],
    ]);
  });
});

describe('what the relay still owes before it stops', () => {
  const now = async () => (await db.query<{ now: string }>(`select pg_current_snapshot()::text as now`)).rows[0]?.now;
  const owedOf = async (snapshot: string | undefined) => {
    const { rows } = await db.query<{ owed: string }>(inFolder('owed.sql').replace(`:'snapshot'`, '$1'), [snapshot]);
    return Number(rows[0]?.owed);
  };
  const announce = async () => {
    const order = await accepted(db);
    await db.transaction((tx) => append(tx, order.checkoutId, [{ type: 'order.cancelled', data: {} }]));
  };

  test('is what was committed before the slot and is not behind a cursor', async () => {
    const start = await now();
    await announce();
    const slot = await now();
    await db.query(`insert into outbox_cursors (sink, shard, snapshot) select 'kafka', generate_series(0, 7), $1`, [
      start,
    ]);
    await announce();

    expect(await owedOf(slot)).toBe(1);
    await db.query(`update outbox_cursors set snapshot = $1`, [slot]);
    expect(await owedOf(slot)).toBe(0);
    expect(await owedOf(await now())).toBe(1);
  });
});

async function typeOf(column: string | undefined): Promise<string | undefined> {
  const { rows } = await db.query<{ type: string }>(
    `select data_type as type from information_schema.columns where table_name = 'outbox_events' and column_name = $1`,
    [column],
  );
  return rows[0]?.type;
}

/** What the slot has not handed out yet. */
async function newRows(): Promise<Inserted[]> {
  const { rows } = await db.query<{ data: Buffer }>(
    `select data from pg_logical_slot_get_binary_changes($1, null, null, 'proto_version', '1', 'publication_names', $2)`,
    [config['slot.name'], config['publication.name']],
  );
  return insertedRows(rows.map(({ data }) => data));
}
