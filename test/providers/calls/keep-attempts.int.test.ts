import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../../src/postgres/database';
import type { Database } from '../../../src/postgres/database';
import { keepAttemptsOnce } from '../../../src/providers/calls/keep-attempts';
import { createTestDatabase } from '../../support/template-database';
import type { TestDatabase } from '../../support/template-database';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { connections: 5, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** The days that have a partition, counted from today. */
async function days(): Promise<number[]> {
  const { rows } = await db.query<{ ahead: number }>(
    `select to_date(right(relname, 8), 'YYYYMMDD') - (now() at time zone 'UTC')::date as ahead
       from pg_inherits
       join pg_class on pg_class.oid = inhrelid
      where inhparent = 'provider_attempts'::regclass and relname ~ '[0-9]{8}$'
      order by 1`,
  );
  return rows.map(({ ahead }) => ahead);
}

const made = (ahead: number) =>
  db.query(`select ensure_provider_attempts_partition((now() at time zone 'UTC')::date + $1::integer)`, [ahead]);

const anAttempt = (daysAgo: number) =>
  db.query(
    `insert into provider_attempts (checkout_id, step, role, adapter, verb, outcome, at)
     values ('chk_1', 'payment-authorized', 'payments', 'http', 'authorize', 'timed-out', now() - $1::integer * interval '1 day')`,
    [daysAgo],
  );

test('keeps failed attempts for thirty days, and has a week of partitions ahead', async () => {
  await made(-31);
  await made(-30);
  for (const daysAgo of [45, 31, 30, 0]) await anAttempt(daysAgo);

  await keepAttemptsOnce(db);
  await keepAttemptsOnce(db);

  expect(await days()).toEqual([-30, 0, 1, 2, 3, 4, 5, 6, 7]);
  const { rows } = await db.query<{ left: bigint }>(`select count(*) as left from provider_attempts`);
  expect(rows).toEqual([{ left: 2n }]);
});
