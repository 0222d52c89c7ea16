import { execFile } from 'node:child_process';
import { appendFile, chown, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { PostgresHome } from '../../src/local/stack/postgres-home';
import { startPostgresIn } from './own-postgres';
import type { OwnPostgres } from './own-postgres';

const run = promisify(execFile);
const PROMOTED_WITHIN_S = 60;

/** A server that follows `primary` by streaming replication, until it is promoted. What the primary had not sent by then is lost. */
export const startStandby = (primary: Pick<OwnPostgres, 'url' | 'home'>): Promise<OwnPostgres> =>
  startPostgresIn((home) => copyAsStandby(primary, home));

/** Copies a running cluster into the empty home of a server that will follow it. */
export async function copyAsStandby(primary: Pick<OwnPostgres, 'url' | 'home'>, to: PostgresHome): Promise<void> {
  const source = new Client({ connectionString: primary.url });
  await source.connect();
  try {
    await source.query(`select pg_backup_start('standby', fast => true)`);
    await run('cp', ['-a', 'data', 'password', to.directory], { cwd: primary.home.directory });
    const { rows } = await source.query<{ labelfile: string }>('select labelfile from pg_backup_stop()');
    await follow(path.join(to.directory, 'data'), { url: primary.url, label: rows[0]?.labelfile ?? '', home: to });
  } finally {
    await source.end();
  }
}

async function follow(data: string, { url, label, home }: { url: string; label: string; home: PostgresHome }) {
  const { hostname, port, username, password } = new URL(url);
  await rm(path.join(data, 'postmaster.pid'), { force: true });
  await appendFile(
    path.join(data, 'postgresql.conf'),
    `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'\n`,
  );
  for (const [name, content] of Object.entries({ backup_label: label, 'standby.signal': '' })) {
    await writeFile(path.join(data, name), content);
    if (home.user) await chown(path.join(data, name), home.user.uid, home.user.gid);
  }
}

/** Resolves once the standby at this address accepts writes. */
export async function promote(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_promote(true, $1)', [PROMOTED_WITHIN_S]);
  } finally {
    await client.end();
  }
}
