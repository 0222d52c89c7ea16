import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** The result of a command in a tree. */
export interface Ran {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();

/**
 * Runs a command in a tree, in a process group with all that it starts. When aborted, it ends the whole group, and returns once no process is
 * left that could write into the tree.
 */
export async function runInTree(
  tree: string,
  [command, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<Ran> {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd: tree, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running.add(child);
  const end = () => signalGroup(child, 'SIGTERM');
  signal.addEventListener('abort', end);
  try {
    // A child's pipes close only when its own children have ended too.
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: child.exitCode, stdout, stderr };
  } finally {
    signal.removeEventListener('abort', end);
    running.delete(child);
  }
}

/** For a process that exits now, and can wait for nothing. */
export const endAllInTrees = (): void => running.forEach((child) => signalGroup(child, 'SIGKILL'));

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
