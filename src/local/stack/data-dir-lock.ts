import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processIdentity } from './process-identity';

export const LOCK_FILE = 'start.lock';

interface Holder {
  readonly pid: number;
  readonly identity: string;
}

/** Another stack runs on this data directory. */
class DataDirInUse extends Error {
  constructor(
    dataDir: string,
    readonly pid: number,
  ) {
    super(`${dataDir} belongs to a running stack (process ${pid}): stop it first, or set another DATA_DIR`);
  }
}

/** Locks the directory until this process releases it or dies. Two stacks would ruin each other's data. */
export function lockDataDir(dataDir: string): { readonly release: () => void } {
  const lock = path.join(dataDir, LOCK_FILE);
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
  try {
    while (!tryLink(draft, lock)) evictDeadHolder(dataDir, lock, `${draft}.old`);
  } finally {
    rmSync(draft, { force: true });
  }
  return { release: () => rmSync(lock, { force: true }) };
}

/** A hard link is atomic: it appears with all its content, or fails because the lock exists. */
function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function evictDeadHolder(dataDir: string, lock: string, aside: string): void {
  refuseIfAlive(dataDir, lock);
  try {
    renameSync(lock, aside);
    // Between the check and the rename another start may have evicted the dead holder and taken the lock.
    refuseIfAlive(dataDir, aside, () => tryLink(aside, lock));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function refuseIfAlive(dataDir: string, file: string, before: () => void = () => undefined): void {
  const holder = read(file);
  if (holder === undefined || processIdentity(holder.pid) !== holder.identity) return;
  before();
  throw new DataDirInUse(dataDir, holder.pid);
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined; // released in the meantime
  }
}
