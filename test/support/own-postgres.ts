import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { launchChild } from '../../src/local/stack/child';
import { removeDetachedHome } from '../../src/local/stack/detached-home';
import { FreePorts } from '../../src/local/stack/free-ports';
import { packageRoot } from '../../src/local/stack/package-root';
import { postgresCluster } from '../../src/local/stack/postgres-cluster';
import { preparePostgresHome } from '../../src/local/stack/postgres-home';
import type { PostgresHome } from '../../src/local/stack/postgres-home';
import { startPostgres } from '../../src/local/stack/postgres-server';
import type { Postgres } from '../../src/local/stack/postgres-server';
import { startWhereFree } from '../../src/local/stack/start-where-free';
import { deadMansSwitch } from './dead-mans-switch';
import { eventually } from './eventually';

const run = promisify(execFile);
const DATABASE = 'checkout';
const ASK_WITHIN_MS = 2_000;

export interface OwnPostgres {
  readonly url: string;
  readonly home: PostgresHome;
  /** Kills the process immediately. What it had not written to its log is lost. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A migrated Postgres for one test file, to crash, follow or decode. Needs `npm run build`. */
export async function startOwnPostgres(settings: readonly string[] = []): Promise<OwnPostgres> {
  const postgres = await startPostgresIn(async (home) => {
    const { data } = await postgresCluster(home, { durable: false });
    await appendFile(path.join(data, 'postgresql.conf'), settings.map((line) => `${line}\n`).join(''));
  });
  await run(process.execPath, [path.join(packageRoot(), 'dist/src/bin/migrate.js')], {
    env: { ...process.env, DATABASE_URL: postgres.url },
  });
  return postgres;
}

/** A Postgres in its own directory, whose cluster `prepare` creates. */
export async function startPostgresIn(prepare: (home: PostgresHome) => Promise<void>): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-postgres-'));
  // When we are root, Postgres runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o711);
  const orphans = deadMansSwitch(dataDir);
  const home = await preparePostgresHome(dataDir);
  await prepare(home);

  const ports = new FreePorts();
  const logFile = path.join(dataDir, 'postgres.log');
  const { running } = await startWhereFree<number, Postgres>(
    () => ports.pick(0),
    (port) => startPostgres({ launch: launchChild, home, port, database: DATABASE, durable: false, logFile }),
  );
  orphans.watch(running.child.pid);
  return {
    url: running.url,
    home,
    kill: async () => {
      running.child.kill();
      await running.child.exited;
    },
    stop: async () => {
      await running.child.stop();
      removeDetachedHome(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
      orphans.disarm();
    },
  };
}

/**
 * Kills one backend, as the kernel does when memory runs out. Postgres then ends all other backends, and recovers from its log under the
 * same postmaster. Resolves once it has recovered.
 */
export async function crashBackend(url: string): Promise<void> {
  const victim = await connect(url);
  const witness = await connect(url);
  const crashed = new Promise<void>((resolve) => witness.on('end', resolve));
  const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');

  process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
  await crashed;
  await eventually(() => takesStatements(url));
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, connectionTimeoutMillis: ASK_WITHIN_MS });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function takesStatements(url: string): Promise<true | undefined> {
  try {
    const client = await connect(url);
    await client.query('select');
    await client.end();
    return true;
  } catch {
    return undefined; // It is still recovering.
  }
}
