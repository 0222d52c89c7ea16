import { endProcess } from './end-process';
import { PART_NAMES } from './part-names';
import type { ProcessRegistry } from './process-registry';

/** Long enough for Postgres to write its checkpoint; the others are quicker. */
const GRACE_MS = 10_000;

/** Ends what a killed stack left running: it would hold the ports, database files and locks that the next one needs. */
export async function endOrphanedProcesses(registry: ProcessRegistry, say: (line: string) => void): Promise<void> {
  const rank = (name: string) => (PART_NAMES as readonly string[]).indexOf(name);
  const left = registry.living().filter(({ name }) => rank(name) >= 0);
  if (left.length === 0) return;

  say(`Ending processes left by a killed stack: ${left.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`);
  for (const process of left.sort((one, other) => rank(one.name) - rank(other.name))) {
    // SIGINT is the "fast" shutdown of Postgres; SIGTERM would wait for its clients.
    await endProcess(process, { signal: process.name === 'postgres' ? 'SIGINT' : 'SIGTERM', graceMs: GRACE_MS });
    registry.forget(process.pid);
  }
}
