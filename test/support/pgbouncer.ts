import { spawnSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { postgresUser } from '../../src/local/stack/postgres-user';
import { OwnServer } from './own-server';

/** On Debian, it is only on root's PATH. */
const PROGRAM = ['pgbouncer', '/usr/sbin/pgbouncer'].find((each) => spawnSync(each, ['--version']).status === 0);
const CLIENTS = 1_000;

/** What this machine lacks to run a pooler; undefined if nothing. */
export const missingForPgbouncer = (): string | undefined =>
  PROGRAM === undefined ? 'PgBouncer (Debian: pgbouncer)' : undefined;

export interface Pooler {
  /** The same database through the pooler. Other databases of the same server are reached by their names. */
  readonly url: string;
  readonly server: OwnServer;
  stop(): Promise<void>;
}

export interface PoolerOptions {
  /** How many connections to Postgres all clients of a database share. */
  readonly connections: number;
  /** Lines for its `[pgbouncer]` section. */
  readonly settings?: readonly string[];
}

/** A PgBouncer in transaction mode in front of the Postgres at `url`, on a free port. */
export async function startPgbouncer(
  url: string,
  { connections, settings = [] }: PoolerOptions = { connections: 3 },
): Promise<Pooler> {
  const command = PROGRAM;
  if (command === undefined) throw new Error(`Not installed: ${missingForPgbouncer()}`);
  const target = new URL(url);
  const server = await OwnServer.start('pgbouncer', async ({ dataDir, port }) => {
    const user = await postgresUser();
    const users = path.join(dataDir, 'users.txt');
    const config = path.join(dataDir, 'pgbouncer.ini');
    writeFileSync(users, `"${target.username}" "${decodeURIComponent(target.password)}"\n`);
    const lines = [
      '[databases]',
      `* = host=${target.hostname} port=${target.port}`,
      '[pgbouncer]',
      ...['listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir ='],
      ...['auth_type = scram-sha-256', `auth_file = ${users}`],
      ...['pool_mode = transaction', `default_pool_size = ${connections}`, `max_client_conn = ${CLIENTS}`],
      // Like Postgres, it refuses to run as root.
      ...(user ? ['user = postgres'] : []),
      ...settings,
    ];
    writeFileSync(config, lines.map((line) => `${line}\n`).join(''));
    if (user) for (const each of [dataDir, users, config]) chownSync(each, user.uid, user.gid);
    return { command, args: ['--quiet', config] };
  });
  const road = new URL(url);
  road.host = server.address;
  return { url: road.href, server, stop: () => server.stop() };
}
