import { existsSync, readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import path from 'node:path';
import { endProcess } from './end-process';
import type { PostgresUser } from './postgres-user';
import { processCommand, processIdentity } from './process-identity';
import { writeFileAtomically } from './write-file-atomically';

const GRACE_MS = 10_000;
/** Greater than any pid. */
const NOBODY = 2 ** 31 - 1;

/**
 * Disarms the lock file that a killed Postgres left in its data directory. Postgres does that itself unless its old pid is
 * in use, by a zombie that was not reaped yet or, after a reboot, by any other process; then it refuses to start.
 * Also ends a Postgres that still runs because its supervisor was killed before it could record the pid.
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
  // A Postgres that shut down in order has removed its lock file.
  if (!existsSync(file) || !isInUse(pid)) return;

  // Only the pid is changed. From the rest, Postgres sees whether children of the killed one still write to its files.
  writeFileAtomically(file, [NOBODY, ...others].join('\n'));
  if (user) await chown(file, user.uid, user.gid);
}

/** The way Postgres checks it: a zombie counts as alive. */
function isInUse(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
