import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { endProcess } from './end-process';
import { processCommand, processIdentity } from './process-identity';

const GRACE_MS = 10_000;

/**
 * Clears what a killed Postgres left in its data directory. Postgres does that itself, except when its old pid belongs
 * to another process by now (after a restart of the machine, say): then it refuses to start. And a Postgres that is
 * still there, because its supervisor was killed before it could write its pid down, is ended.
 */
export async function clearStalePostmaster(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const identity = Number.isInteger(pid) && pid > 1 ? processIdentity(pid) : undefined;
  if (identity !== undefined && processCommand(pid).includes(data)) {
    await endProcess({ pid, identity }, { signal: 'SIGINT', graceMs: GRACE_MS });
  }
  rmSync(file, { force: true });
}
