import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAME = 'postgres';

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** Whom Postgres runs as: undefined means as ourselves, except for root, as whom it refuses to run. */
export async function postgresUser(): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await existing()) ?? (await created());
}

async function existing(): Promise<PostgresUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (kind) => Number((await run('id', [kind, NAME])).stdout)),
    );
    return uid !== undefined && gid !== undefined ? { uid, gid } : undefined;
  } catch {
    return undefined; // no such user
  }
}

async function created(): Promise<PostgresUser> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch (cause) {
    // Two starts at once: the other one may have been faster, which is as good.
    const user = await existing();
    if (user) return user;
    throw new Error('Postgres does not run as root: add a user named postgres, or start as another user', { cause });
  }
  const user = await existing();
  if (!user) throw new Error('The user postgres was added but is not known: start as another user than root');
  return user;
}
