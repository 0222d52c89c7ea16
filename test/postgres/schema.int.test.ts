import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { schemaOf } from '../../src/postgres/schema';
import { healthOf } from '../../src/runtime/health';
import type { HealthParts } from '../../src/runtime/health';
import { packageRoot } from '../../src/local/stack/package-root';
import { testEnvironment } from '../support/environment';
import { createTestDatabase } from '../support/template-database';
import type { TestDatabase } from '../support/template-database';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { connections: 2, onIdleError: () => undefined });
  await db.query(`create table kept as table migrations`);
});
afterEach(() => db.query(`truncate migrations; insert into migrations table kept`));
afterAll(async () => {
  await db.close();
  await database.drop();
});

const NEWER = `insert into migrations (name, run_on) values ('9999_of_tomorrow', now())`;
const temporal = { call: async () => undefined } as unknown as HealthParts['temporal'];
const health = () =>
  healthOf({ db, schema: () => schemaOf(db), temporal, redis: undefined, logLosesLines: () => false })();

test('is ready on the schema of this code', async () => {
  expect(await health()).toMatchObject({ ready: true, schema: 'current', problems: [] });
});

test.each([
  ['missing', `drop table migrations; create table migrations as table kept with no data`, 'run `npm run migrate`'],
  ['older', `delete from migrations where name = '0013_outbox_parked_lanes'`, 'it lacks 0013_outbox_parked_lanes'],
  ['newer', NEWER, 'it has 9999_of_tomorrow'],
])('is not ready on a schema that is %s, and says so', async (state, change, sentence) => {
  await db.query(change);

  expect(await health()).toMatchObject({
    ...{ ready: false, postgres: 'up', schema: state },
    problems: [expect.stringContaining(sentence)],
  });
});

test('is not ready on an empty database', async () => {
  const empty = Object.assign(new URL(database.url), { pathname: '/template1' }).href;
  const nothing = openDatabase(empty, { connections: 1, onIdleError: () => undefined });
  const { state } = await schemaOf(nothing);
  await nothing.close();

  expect(state).toBe('missing');
});

test.each(['api', 'worker', 'relay', 'service'])('%s exits with a message on a newer schema', async (program) => {
  await db.query(NEWER);
  const child = spawn(process.execPath, [path.join(packageRoot(), 'dist/src/bin', `${program}.js`)], {
    env: {
      ...{ PATH: process.env['PATH'], DATABASE_URL: database.url, REDIS_URL: 'off', PORT: '0', SINKS: 'webhooks' },
      ...{ TEMPORAL_ADDRESS: testEnvironment('TEST_TEMPORAL_ADDRESS'), SANDBOX_URL: 'http://127.0.0.1:1' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.on('data', (text: Buffer) => (log += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];

  expect(code).toBe(1);
  expect(log).toContain('The database is newer than this code (it has 9999_of_tomorrow)');
});
