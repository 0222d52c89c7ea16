import { execFileSync } from 'node:child_process';

/** Signals a process and its children. A child may end meanwhile, as Postgres' backends and workers do at any time. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const children = childrenOf(pid);
  process.kill(pid, signal);
  for (const child of children) signalIfRunning(child, signal);
}

export function signalIfRunning(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)])
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(Number);
