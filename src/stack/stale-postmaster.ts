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
 * Makes the lock that a killed Postgres left in its data directory harmless. Postgres does that itself, except when its
 * old pid belongs to another process by now (after a restart of the machine, say): then it refuses to start. And a
 * Postgres that is still there, because its supervisor was killed before it could write its pid down, is ended.
 */
export async function disarmStalePostmaster(data: string, user: PostgresUser | undefined): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [pid, ...rest] = readFileSync(file, 'utf8').split('\n');
  const identity = processIdentity(Number(pid));
  if (identity === undefined) return;

  if (processCommand(Number(pid)).includes(data)) {
    await endProcess({ pid: Number(pid), identity }, { signal: 'SIGINT', graceMs: GRACE_MS });
    return;
  }
  // Only the pid is wrong. By the rest Postgres sees whether children of the killed one still write to its files.
  writeFileAtomically(file, [NOBODY, ...rest].join('\n'));
  if (user) await chown(file, user.uid, user.gid);
}
