import path from 'node:path';
import { Client } from 'pg';
import type { Child, Launch } from './child';
import { postgresCluster, postgresEnvironment } from './postgres-cluster';
import type { PostgresHome } from './postgres-home';
import { disarmStalePostmaster } from './stale-postmaster';
import { until, waitUntilReady } from './wait-until-ready';

const GRACE_MS = 15_000;
const ASK_WITHIN_MS = 2_000;
/** Enough for all our processes, plus a person with psql and a test run. */
const MAX_CONNECTIONS = 200;

export interface PostgresOptions {
  readonly launch: Launch;
  readonly home: PostgresHome;
  readonly port: number;
  readonly database: string;
  /** False only in tests, whose data is thrown away: a crash of the machine may corrupt it. */
  readonly durable: boolean;
  readonly logFile: string;
  readonly signal?: AbortSignal;
}

export interface Postgres {
  readonly child: Child;
  readonly url: string;
}

/** A real Postgres on the loopback address, with its database created. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { launch, home, port, durable, signal } = options;
  const cluster = await postgresCluster(home, { durable, signal });
  await disarmStalePostmaster(cluster.data, home.user);

  const child = launch({
    name: 'postgres',
    command: path.join(home.programs, 'postgres'),
    args: ['-D', cluster.data, '-p', String(port), ...settings(durable)],
    user: home.user,
    cwd: home.directory,
    env: postgresEnvironment(),
    logFile: options.logFile,
    // The "fast" shutdown: ends all sessions and writes a checkpoint. SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    graceMs: GRACE_MS,
  });
  const urlOf = (database: string) => `postgres://${cluster.user}:${cluster.password}@127.0.0.1:${port}/${database}`;
  await waitUntilReady(
    child,
    until(() => createDatabase(urlOf('postgres'), options.database)),
    signal,
  );
  return { child, url: urlOf(options.database) };
}

function* settings(durable: boolean): Iterable<string> {
  const values = {
    listen_addresses: '127.0.0.1',
    // The path of a socket may have at most 107 characters: a deep data directory has more.
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Commits stay synchronous: a test may kill Postgres, and every acknowledged commit must survive.
    ...(!durable && { fsync: 'off', full_page_writes: 'off' }),
  };
  for (const [name, value] of Object.entries(values)) yield* ['-c', `${name}=${value}`];
}

/** True once the database exists. */
async function createDatabase(url: string, name: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: ASK_WITHIN_MS });
  client.on('error', () => undefined); // the next attempt reports it
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
    return true;
  } finally {
    await client.end();
  }
}
