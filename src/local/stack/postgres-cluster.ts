import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chown, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PostgresHome } from './postgres-home';

const SUPERUSER = 'postgres';
const PASSWORD_BYTES = 24;

export interface PostgresCluster {
  readonly data: string;
  readonly user: string;
  readonly password: string;
}

/** The cluster in this home, created on first use. A half-made one, left by a crash, is created again. */
export async function postgresCluster(
  { directory, programs, user }: PostgresHome,
  { durable, signal }: { durable: boolean; signal?: AbortSignal | undefined },
): Promise<PostgresCluster> {
  const data = path.join(directory, 'data');
  const passwordFile = path.join(directory, 'password');
  if (!existsSync(data)) {
    await writeFile(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), { mode: 0o600 });
    if (user) await chown(passwordFile, user.uid, user.gid);

    const draft = path.join(directory, 'data.draft');
    await rm(draft, { recursive: true, force: true });
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    await promisify(execFile)(
      path.join(programs, 'initdb'),
      [`--pgdata=${draft}`, ...access, ...locale, ...(durable ? [] : ['--no-sync'])],
      { ...user, cwd: directory, env: postgresEnvironment(), signal },
    );
    await rename(draft, data);
  }
  return { data, user: SUPERUSER, password: readFileSync(passwordFile, 'utf8') };
}

/** Only what it needs: the locale and time zone of the user who starts it must not end up in the database. */
export const postgresEnvironment = (): NodeJS.ProcessEnv => ({ PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });
