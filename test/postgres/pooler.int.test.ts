import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { packageRoot } from '../../src/local/stack/package-root';
import { describeWith } from '../support/describe-with';
import { missingForPgbouncer, startPgbouncer } from '../support/pgbouncer';
import type { Pooler } from '../support/pgbouncer';
import { createTestDatabase } from '../support/template-database';
import type { TestDatabase } from '../support/template-database';

const MIGRATIONS = path.join(packageRoot(), 'src/postgres/migrations');

/** Runs a hundred queries at the same time that only this process runs, and prints those with a wrong answer. */
const PROCESS = `
  const { openDatabase } = require(process.env.DATABASE_MODULE);
  const db = openDatabase(process.env.DATABASE_URL, { connections: 10, onIdleError: () => undefined });
  const asked = Array.from({ length: 100 }, (_, n) => process.env.WHO + '-' + n);
  const ask = (own) => db.query("select '" + own + "' || $1::text as told", ['!']).then(({ rows }) => rows[0].told, String);
  Promise.all(asked.map(ask))
    .then((told) => console.log(JSON.stringify(told.filter((each, n) => each !== asked[n] + '!'))))
    .then(() => db.close());
`;

async function askInProcess(who: string, url: string): Promise<unknown> {
  const child = spawn(process.execPath, ['-e', PROCESS], {
    env: {
      ...{ PATH: process.env['PATH'], WHO: who, DATABASE_URL: url },
      DATABASE_MODULE: path.join(packageRoot(), 'dist/src/postgres/database.js'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  await once(child, 'close');
  return JSON.parse(output);
}

async function asStranger(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function migrateInProcess(url: string): Promise<number | null> {
  const program = path.join(packageRoot(), 'dist/src/bin/migrate.js');
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

describeWith(missingForPgbouncer(), 'behind a pooler in transaction mode', () => {
  let database: TestDatabase;
  let pooler: Pooler;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    pooler = await startPgbouncer(database.url, { connections: 2 });
    db = openDatabase(pooler.url, { connections: 10, onIdleError: () => undefined });
  });
  afterAll(async () => {
    await db.close();
    await pooler.stop();
    await database.drop();
  });

  test('each of two processes gets the answers to its own queries', async () => {
    const strangers = await Promise.all(['one', 'other'].map((who) => askInProcess(who, pooler.url)));

    expect(strangers).toEqual([[], []]);
  });

  test('every transaction and statement has its timeouts, and leaves none to the next client', async () => {
    const limits = `select current_setting('statement_timeout') as statement,
                           current_setting('idle_in_transaction_session_timeout') as idle`;

    const inTransaction = await db.transaction((tx) => tx.query(limits));
    const alone = await Promise.all(Array.from({ length: 20 }, () => db.query(limits)));
    const stranger = await asStranger(pooler.url, limits);

    expect([inTransaction, ...alone].flatMap(({ rows }) => rows)).toEqual(
      Array.from({ length: 21 }, () => ({ statement: '5s', idle: '10s' })),
    );
    expect(stranger).toEqual([{ statement: '0', idle: '0' }]);
  });

  test('a failed statement leaves the connection usable, and outside any transaction', async () => {
    const opened = db.connectionsOpened();

    const failed = await Promise.allSettled(Array.from({ length: 20 }, () => db.query('select 1 / $1::int', [0])));
    const { rows } = await db.query<{ told: string }>('select $1::text as told', ['well']);

    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(rows).toEqual([{ told: 'well' }]);
    expect(db.connectionsOpened()).toBeLessThanOrEqual(Math.max(opened, 10));
  });

  test('two processes that migrate at the same time do it once, and keep no lock', async () => {
    const name = `empty_${randomUUID().replaceAll('-', '')}`;
    await asStranger(database.url, `create database ${name}`);
    const url = Object.assign(new URL(pooler.url), { pathname: `/${name}` }).href;

    const codes = await Promise.all([migrateInProcess(url), migrateInProcess(url)]);
    // Other tests lock in databases of their own.
    const locks = await asStranger(
      url,
      `select from pg_locks lock join pg_database own on own.oid = lock.database
        where locktype = 'advisory' and datname = current_database()`,
    );
    const [schema] = await asStranger(url, `select count(*)::int as migrations from migrations`);

    expect(codes).toEqual([0, 0]);
    expect(locks).toEqual([]);
    expect(schema).toEqual({ migrations: readdirSync(MIGRATIONS).length });
  });
});
