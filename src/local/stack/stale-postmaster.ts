import { existsSync, readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import path from 'node:path';
import { endProcess } from './end-process';
import type { PostgresUser } from './postgres-user';
import { processCommand, processIdentity } from './process-identity';
import { writeFileAtomically } from './write-file-atomically';

const GRACE_MS = 10_000;
/** Bigger than any pid can be. */
const NOBODY = 2 ** 31 - 1;

/**
 * Makes the lock that a killed Postgres left in its data directory harmless. Postgres does that itself, except while its
 * old pid is in use: by a zombie that nobody has collected yet, or, after a restart of the machine, by any other process.
 * Then it refuses to start. And a Postgres that is still there, because its supervisor was killed before it could write
 * its pid down, is ended.
 */
export async function disarmStalePostmaster(data: string, user: PostgresUser | undefined): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [first, ...others] = readFileSync(file, 'utf8').split('\n');
  const pid = Number(first);
  const identity = processIdentity(pid);
  if (identity !== undefined && processCommand(pid).includes(data)) {
    await endProcess({ pid, identity }, { signal: 'SIGINT', graceMs: GRACE_MS });
  }
  // Ended in order it has removed its lock.
  if (!existsSync(file) || !isInUse(pid)) return;

  // Only the pid is wrong. By the rest Postgres sees whether children of the killed one still write to its files.
  writeFileAtomically(file, [NOBODY, ...others].join('\n'));
  if (user) await chown(file, user.uid, user.gid);
}

/** As Postgres sees it, to whom a zombie is as good as alive. */
function isInUse(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
