import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAME = 'postgres';

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user Postgres runs as: undefined means our own. Postgres refuses to run as root, so root needs another. */
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
    // Of two starts at the same time, the other may have created the user.
    const user = await existing();
    if (user) return user;
    throw new Error('Postgres does not run as root: add a user named postgres, or start as a user other than root', {
      cause,
    });
  }
  const user = await existing();
  if (!user) throw new Error('The user postgres was added but cannot be found: start as a user other than root');
  return user;
}
