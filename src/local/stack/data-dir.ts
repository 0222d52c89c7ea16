import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LOCK_FILE, lockDataDir } from './data-dir-lock';
import { removeDetachedHome } from './detached-home';
import { endOrphanedProcesses } from './orphaned-processes';
import { ProcessRegistry } from './process-registry';
import { removeStackFile } from './stack-file';

/** Written at every start, so its presence shows that a directory is ours. */
const REGISTRY_FILE = 'processes.json';

export interface DataDir {
  readonly directory: string;
  readonly registry: ProcessRegistry;
  readonly release: () => void;
}

/** Locks the directory, ends the processes of a killed stack in it and, if asked to, empties it. */
export async function openDataDir(
  directory: string,
  { fresh, say }: { fresh: boolean; say: (line: string) => void },
): Promise<DataDir> {
  mkdirSync(directory, { recursive: true });
  if (fresh) refuseForeign(directory);

  const { release } = lockDataDir(directory);
  try {
    const registry = new ProcessRegistry(path.join(directory, REGISTRY_FILE));
    await endOrphanedProcesses(registry, say);
    removeStackFile(directory);
    if (fresh) empty(directory);
    registry.clear();
    registry.record('start', process.pid);
    return { directory, registry, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** DATA_DIR may be set to anything by mistake, even someone's home directory. */
function refuseForeign(directory: string): void {
  const isEmpty = readdirSync(directory).every((name) => name.startsWith(LOCK_FILE));
  if (isEmpty || existsSync(path.join(directory, REGISTRY_FILE))) return;
  throw new Error(`${directory} has files but was never used by a stack: --fresh does not empty it`);
}

function empty(directory: string): void {
  removeDetachedHome(directory);
  for (const name of readdirSync(directory)) {
    if (name !== LOCK_FILE) rmSync(path.join(directory, name), { recursive: true, force: true });
  }
}
